// The visit of the story: two tablets record one home with no signal, come back in turn, and settle what they disagree on.

package doorstep.tests

import doorstep.*
import kotlinx.coroutines.runBlocking

fun Checks.story() {
    test("a visit is recorded with no signal, comes back, and a dispute is settled") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                town.tablet("crew", FIRE).used { crew -> disagreeAndSettle(town, ot, crew) }
            }
        }
    }
    test("a draft grows room by room and is handed in") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                val begun = ot.visits().begin(visit(VisitKind.SafeAndWell, found(eBike(Severity.Medium))))
                ot.visits().add(begun.record, begun.visit, VisitWords(), wayOut())
                same<VisitState?>(VisitState.Draft, ot.visits().get(begun.record, begun.visit).state)
                val page = ot.flat()
                same(listOf(6.toUByte()), page.clutter.map { it.clutter.rating })
                same(listOf<Figure>(Figure.Millimetres(760)), page.measurements.map { it.measurement.figure })
                same(listOf<FlagKind>(FlagKind.DangerousAnimal), page.flags.map { it.flag.kind })
                val fire = ot.firebox().open(begun.record)
                holds(fire.lines.first { it.line == FireLine.CLUTTER_AND_ROUTES }.entries.isNotEmpty()) { "clutter is published" }
                same(0, fire.lines.first { it.line == FireLine.SPRINKLER }.entries.size, "not known, never no")
            }
        }
    }
    test("a fact recorded by mistake is taken back for a reason, and may stand again") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                val record = ot.visits().record(visit(VisitKind.SafeAndWell, wayOut())).record
                val fact = HomeFact(FactKind.CLUTTER, ot.flat().clutter.single().facts.row)
                thrown<DoorstepException.Value> { ot.visits().takeBackFact(record, fact, "") }
                val decision = ot.visits().takeBackFact(record, fact, "rated at the house next door")
                same(0, ot.flat().clutter.size)
                same(listOf(fact), ot.visits().mistaken(record).map { it.fact })
                ot.visits().letStand(record, decision)
                same(1, ot.flat().clutter.size)
            }
        }
    }
    test("what was said of somebody else is taken back") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                val stairs = Ability(Doing.Stairs, Level.Cannot)
                val met = Findings(people = listOf(NewPerson(preferredName = "Edith", abilities = listOf(stairs))))
                val edith = ot.visits().record(visit(VisitKind.OtAssessment, met)).people.single()
                val row = ot.people().get(edith).abilities.single().facts.row
                val decision = ot.people().takeBackAbility(edith, row, "her sister was meant")
                same(0, ot.people().get(edith).abilities.size)
                ot.people().letStand(edith, decision)
                same(listOf(stairs), ot.people().get(edith).abilities.map { it.ability })
            }
        }
    }
    test("a visitor can say who may read a home") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                val record = ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High)))).record
                val home = ot.properties().readers(record).filter { RecordPart.HOME in it.parts }
                holds(home.any { it.organisation == COUNCIL && it.until == null }) { "${home.size} teams" }
            }
        }
    }
}

private fun disagreeAndSettle(town: Town, ot: Doorstep, crew: Doorstep) {
    town.signalOff()
    ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
    val page = ot.flat()
    same(Delivery.NOT_SENT, page.delivery)
    same(listOf("e-bike"), page.hazards.map { it.hazard.code })
    val report = runBlocking { ot.sync() }
    val end = report.end
    holds(end is SyncEnd.Waiting && end.fault == SyncFault.OFFLINE) { "no signal: ${report.trouble}" }
    holds(report.toSend > 0uL) { "what was recorded waits here" }
    same(StatusHeadline.OFFLINE, ot.status().headline)

    town.signalOn()
    same(0uL, caughtUp(ot).toSend)
    caughtUp(crew)
    same(Delivery.DELIVERED, ot.flat().delivery)
    val row = crew.flat().hazards.single().facts.row

    for ((tablet, severity) in listOf(ot to Severity.Emergency, crew to Severity.Low)) {
        val change = HazardChange(row, eBike(severity))
        tablet.visits().record(visit(VisitKind.FollowUp, Findings(hazardChanges = listOf(change))))
    }
    listOf(ot, crew, ot).forEach(::caughtUp)
    for (tablet in listOf(ot, crew)) {
        val hazard = tablet.flat().hazards.single()
        same<Severity?>(Severity.Emergency, hazard.hazard.severity, "the more cautious value is shown")
        same(listOf("severity"), hazard.facts.disputed)
    }
    val list = ot.conflicts().list(null, 0u, 10u)
    same(1uL, list.total)
    val dispute = list.conflicts.single()
    val low = dispute.values.single { !it.isShown }
    same<FieldValue>(FieldValue.Text("low"), low.value)
    val decision = ot.conflicts().choose(dispute.path, low.value, "seen again")
    listOf(ot, crew).forEach(::caughtUp)
    same(0uL, crew.conflicts().list(null, 0u, 10u).total)
    same<Severity?>(Severity.Low, crew.flat().hazards.single().hazard.severity)

    crew.conflicts().undo(dispute.path.document, decision, null)
    listOf(crew, ot).forEach(::caughtUp)
    holds(ot.conflicts().list(null, 0u, 10u).conflicts.single().isReopened) { "a decision can be undone" }
}

private fun wayOut() = Findings(
    clutter = listOf(Clutter(room = "living room", rating = 6u, roomKind = RoomKind.LivingRoom, exit = ExitState.Restricted)),
    measurements = listOf(Measurement(feature = "front door", quantity = "clear width", figure = Figure.Millimetres(760))),
    flags = listOf(Flag(kind = FlagKind.DangerousAnimal, contact = "Lantern Homes office")),
)

fun Checks.guide() = test("the guide's first visit is recorded and sent") {
    Town().use { town ->
        runBlocking {
            val vault = softwareVault(PASSPHRASE)
            guide.enrol(town.path("ot"), vault, town.invitation()) { town.accept(it, "ot") }.used { device ->
                guide.recordVisit(device, FLAT.digits)
                same("Everything is sent.", guide.send(device))
                same(listOf("e-bike"), device.flat().hazards.map { it.hazard.code })
                same(listOf<AlarmState>(AlarmState.Replaced), device.flat().alarms.map { it.alarm.state })
            }
        }
    }
}
