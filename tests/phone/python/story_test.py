"""The visit of the story: two tablets record one home with no signal, come back in turn, and settle what they disagree on."""

import asyncio

from doorstep import (Ability, Clutter, Delivery, Doing, DoorstepError, FactKind, FieldValue, Findings, HazardChange, HomeFact, Level,
                      NewPerson, RecordPart, Severity, StatusHeadline, SyncFault, VisitKind)
from scene import FIRE, Scene, e_bike, found, visit
from town import Town


class Story(Scene):
    def test_a_visit_is_recorded_with_no_signal_comes_back_and_a_dispute_is_settled(self):
        with Town() as town:
            ot, crew = self.tablet(town, "ot"), self.tablet(town, "crew", FIRE)
            town.signal_off()
            ot.visits().record(visit(VisitKind.OT_ASSESSMENT(), found(e_bike(Severity.HIGH()))))
            page = self.flat(ot)
            self.assertEqual(page.delivery, Delivery.NOT_SENT)
            self.assertEqual([row.hazard.code for row in page.hazards], ["e-bike"])
            report = asyncio.run(ot.sync())
            self.assertTrue(report.end.is_WAITING(), report.trouble)
            self.assertEqual(report.end.fault, SyncFault.OFFLINE)
            self.assertGreater(report.to_send, 0)
            self.assertEqual(ot.status().headline, StatusHeadline.OFFLINE)

            town.signal_on()
            self.assertEqual(self.caught_up(ot).to_send, 0)
            self.caught_up(crew)
            [hazard] = self.flat(crew).hazards
            for tablet, severity in [(ot, Severity.EMERGENCY()), (crew, Severity.LOW())]:
                change = HazardChange(row=hazard.facts.row, set=e_bike(severity))
                tablet.visits().record(visit(VisitKind.FOLLOW_UP(), Findings(hazard_changes=[change])))
            for tablet in [ot, crew, ot]:
                self.caught_up(tablet)
            for tablet in [ot, crew]:
                [hazard] = self.flat(tablet).hazards
                self.assertEqual(hazard.hazard.severity, Severity.EMERGENCY(), "the more cautious value is shown")
                self.assertEqual(hazard.facts.disputed, ["severity"])
            [dispute] = ot.conflicts().list(None, 0, 10).conflicts
            [low] = [said for said in dispute.values if not said.is_shown]
            self.assertEqual(low.value, FieldValue.TEXT(text="low"))
            ot.conflicts().choose(dispute.path, low.value, None)
            self.caught_up(ot)
            self.caught_up(crew)
            self.assertEqual(crew.conflicts().list(None, 0, 10).total, 0)
            [hazard] = self.flat(crew).hazards
            self.assertEqual(hazard.hazard.severity, Severity.LOW())

    def test_a_fact_recorded_by_mistake_is_taken_back_for_a_reason_and_may_stand_again(self):
        with Town() as town:
            ot = self.tablet(town, "ot")
            seen = Findings(clutter=[Clutter(room="living room", rating=6)])
            record = ot.visits().record(visit(VisitKind.SAFE_AND_WELL(), seen)).record
            [clutter] = self.flat(ot).clutter
            fact = HomeFact(kind=FactKind.CLUTTER, row=clutter.facts.row)
            with self.assertRaises(DoorstepError.Value):
                ot.visits().take_back_fact(record, fact, "")
            decision = ot.visits().take_back_fact(record, fact, "rated at the house next door")
            self.assertEqual(self.flat(ot).clutter, [])
            self.assertEqual([taken.fact for taken in ot.visits().mistaken(record)], [fact])
            ot.visits().let_stand(record, decision)
            self.assertEqual(len(self.flat(ot).clutter), 1)

    def test_what_was_said_of_somebody_else_is_taken_back(self):
        with Town() as town:
            ot = self.tablet(town, "ot")
            stairs = Ability(what=Doing.STAIRS(), level=Level.CANNOT())
            met = Findings(people=[NewPerson(preferred_name="Edith", abilities=[stairs])])
            [edith] = ot.visits().record(visit(VisitKind.OT_ASSESSMENT(), met)).people
            [row] = ot.people().get(edith).abilities
            decision = ot.people().take_back_ability(edith, row.facts.row, "her sister was meant")
            self.assertEqual(ot.people().get(edith).abilities, [])
            ot.people().let_stand(edith, decision)
            self.assertEqual([row.ability for row in ot.people().get(edith).abilities], [stairs])

    def test_a_visitor_can_say_who_may_read_a_home(self):
        with Town() as town:
            ot = self.tablet(town, "ot")
            record = ot.visits().record(visit(VisitKind.OT_ASSESSMENT(), found(e_bike(Severity.HIGH())))).record
            home = [line for line in ot.properties().readers(record) if RecordPart.HOME in line.parts]
            self.assertIn(("Hillford Council", None), [(line.organisation, line.until) for line in home])
