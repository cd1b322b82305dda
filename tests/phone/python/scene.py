"""What several tests need: tablets that are enrolled, the visits of the story, a catch-up that came through."""

import asyncio
import unittest

from doorstep import (AtProperty, DeviceKind, Doorstep, Findings, Hazard, HazardScheme, NewVisit, Outcome, Uprn, VisitWords,
                      software_vault)
from town import PASSPHRASE

FLAT = Uprn(digits="999900000110")
FIRE = "Hillford Fire and Rescue"


def e_bike(severity):
    return Hazard(scheme=HazardScheme.FIRE_V1(), code="e-bike", room="hall", severity=severity, note="charger on the carpet")


def visit(kind, found):
    return NewVisit(at=AtProperty.WITH_UPRN(uprn=FLAT), kind=kind, words=VisitWords(outcome=Outcome.DONE()), found=found)


def found(*hazards):
    return Findings(hazards=list(hazards))


class Scene(unittest.TestCase):
    def tablet(self, town, name, organisation="Hillford Council", vault=None):
        tablet = Doorstep.create(town.path(name), vault or software_vault(PASSPHRASE))
        town.accept(tablet.enrolment().begin(town.invitation(), DeviceKind.PERSONAL), name, organisation)
        self.caught_up(tablet)
        return tablet

    def caught_up(self, tablet):
        report = asyncio.run(tablet.sync())
        self.assertTrue(report.end.is_CAUGHT_UP(), report.trouble)
        return report

    def flat(self, tablet):
        return tablet.properties().get(tablet.properties().with_uprn(FLAT))
