"""Runs every test, or those whose names hold the argument; ends with `N passed, N failed`."""

import sys
import unittest
from pathlib import Path


def main():
    here = Path(__file__).parent
    sys.path.insert(0, str(here))
    loader = unittest.TestLoader()
    if len(sys.argv) > 1:
        loader.testNamePatterns = [f"*{sys.argv[1]}*"]
    ran = unittest.TextTestRunner(verbosity=2).run(loader.discover(str(here), pattern="*_test.py"))
    failed = len(ran.failures) + len(ran.errors)
    print(f"{ran.testsRun - failed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 and ran.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
