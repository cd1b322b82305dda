"""Keystores, observers, cancelling and errors, as a program in Python meets them."""

import asyncio
import threading

from doorstep import (DeviceKind, Doorstep, DoorstepError, KeyHome, KeysWhy, KeyVault, PromptKind, Refusal, Severity,
                      SigningKind, SyncObserver, SyncStopper, Uprn, VaultAbilities, VaultFailure, VisitKind, WatchObserver,
                      software_vault)
from scene import FLAT, Scene, e_bike, found, visit
from town import PASSPHRASE, Town

PATIENCE_SECONDS = 60


class PromptVault(KeyVault):
    """A keystore whose prompt does what a test says. Its wrapping hides nothing: no keystore is at hand in Python."""

    def __init__(self):
        self.prompt = lambda: None

    def abilities(self):
        return VaultAbilities(home=KeyHome.SOFTWARE, asks=PromptKind.PERSON, signs=SigningKind.NONE)

    def wrap(self, key):
        return bytes(byte ^ 0x5A for byte in key)

    def unwrap(self, wrapped):
        self.prompt()
        return bytes(byte ^ 0x5A for byte in wrapped)

    def make_signing_key(self):
        raise VaultFailure.Unavailable()

    def sign(self, message):
        raise VaultFailure.Unavailable()

    def destroy_keys(self):
        pass


def throwing(failure):
    def prompt():
        raise failure
    return prompt


class Told(SyncObserver):
    def __init__(self, then=lambda: None):
        self.steps, self.then = [], then

    def on_progress(self, progress):
        self.steps.append(progress)
        self.then()


class Watching(WatchObserver):
    def __init__(self):
        self.reports, self.sent = [], threading.Event()

    def on_progress(self, progress):
        pass

    def on_report(self, report):
        self.reports.append(report)
        if report.sent:
            self.sent.set()

    def on_end(self):
        pass


class Life(Scene):
    def test_a_prompt_that_is_refused_or_turned_away_leaves_the_device_closed_and_it_opens_the_next_time(self):
        with Town() as town:
            vault = PromptVault()
            made = self.tablet(town, "ot", vault=vault)
            number = made.id()
            asyncio.run(made.shut_down())
            ends = [(VaultFailure.Refused(), KeysWhy.REFUSED), (VaultFailure.Cancelled(), KeysWhy.CANCELLED),
                    (VaultFailure.TimedOut(), KeysWhy.TIMED_OUT), (ValueError("the code is 4711"), KeysWhy.UNAVAILABLE)]
            for failure, why in ends:
                vault.prompt = throwing(failure)
                with self.assertRaises(DoorstepError.Keys) as refused:
                    Doorstep.open(town.path("ot"), vault)
                self.assertEqual(refused.exception.why, why)
                self.assertNotIn("4711", str(refused.exception))
            vault.prompt = lambda: None
            self.assertEqual(Doorstep.open(town.path("ot"), vault).id(), number)

    def test_progress_is_told_and_a_stopper_ends_a_catch_up_where_nothing_is_half_done(self):
        with Town() as town:
            ot = self.tablet(town, "ot")
            ot.visits().record(visit(VisitKind.OT_ASSESSMENT(), found(e_bike(Severity.HIGH()))))
            stopper = SyncStopper()
            report = asyncio.run(ot.sync(Told(stopper.stop), stopper))
            self.assertTrue(report.end.is_CANCELLED(), report.trouble)
            told = Told()
            self.assertTrue(asyncio.run(ot.sync(told)).end.is_CAUGHT_UP())
            self.assertTrue(told.steps)

    def test_a_task_that_is_cancelled_stops_its_catch_up_and_the_next_one_comes_through(self):
        async def cancelled(tablet):
            loop, begun = asyncio.get_running_loop(), asyncio.Event()
            task = asyncio.create_task(tablet.sync(Told(lambda: loop.call_soon_threadsafe(begun.set))))
            await begun.wait()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        with Town() as town:
            ot = self.tablet(town, "ot")
            ot.visits().record(visit(VisitKind.OT_ASSESSMENT(), found(e_bike(Severity.HIGH()))))
            asyncio.run(cancelled(ot))
            self.assertEqual(self.caught_up(ot).to_send, 0)

    def test_a_watch_sends_what_is_saved_and_its_observer_hears_nothing_once_it_is_stopped(self):
        with Town() as town:
            ot, observer = self.tablet(town, "ot"), Watching()
            watch = ot.watch(observer)
            ot.visits().record(visit(VisitKind.OT_ASSESSMENT(), found(e_bike(Severity.HIGH()))))
            self.assertTrue(observer.sent.wait(PATIENCE_SECONDS), "what was saved is sent")
            del watch
            self.caught_up(ot)
            heard = len(observer.reports)
            ot.visits().record(visit(VisitKind.FOLLOW_UP(), found(e_bike(Severity.LOW()))))
            self.caught_up(ot)
            self.assertEqual(len(observer.reports), heard)

    def test_each_error_says_what_to_do_and_nothing_that_was_entered(self):
        with Town() as town:
            fresh = Doorstep.create(town.path("new"), software_vault(PASSPHRASE))
            meets = [
                (DoorstepError.NotAllowed, lambda: fresh.visits().record(visit(VisitKind.FOLLOW_UP(), found()))),
                (DoorstepError.NotAllowed, lambda: asyncio.run(fresh.sync())),
                (DoorstepError.Misfit, lambda: fresh.enrolment().begin("Secret text", DeviceKind.SHARED)),
                (DoorstepError.Value, lambda: fresh.properties().with_uprn(Uprn(digits="Secret Street"))),
                (DoorstepError.InUse, lambda: Doorstep.open(town.path("new"), software_vault(PASSPHRASE))),
            ]
            for kind, call in meets:
                with self.assertRaises(kind) as met:
                    call()
                self.assertTrue(met.exception.remedy)
                self.assertNotIn("Secret", str(met.exception) + repr(met.exception))
            asyncio.run(fresh.shut_down())
            with self.assertRaises(DoorstepError.NotAllowed) as shut:
                fresh.status()
            self.assertEqual(shut.exception.why, Refusal.SHUT_DOWN)
            with self.assertRaises(DoorstepError.Keys) as wrong:
                Doorstep.open(town.path("new"), software_vault("Secret passphrase"))
            self.assertNotIn("Secret", str(wrong.exception) + repr(wrong.exception))

    def test_what_is_recorded_does_not_slip_into_a_log_by_str(self):
        with Town() as town:
            ot = self.tablet(town, "ot")
            ot.visits().record(visit(VisitKind.OT_ASSESSMENT(), found(e_bike(Severity.HIGH()))))
            page = self.flat(ot)
            for each in [page, page.line, *page.hazards, FLAT, e_bike(Severity.HIGH())]:
                for content in ["charger", "hall", FLAT.digits]:
                    self.assertNotIn(content, str(each) + repr(each), type(each).__name__)
