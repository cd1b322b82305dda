// The ten errors, each met as an app meets it, told apart without an `else`; and nothing that a person entered in any text.

package doorstep.tests

import doorstep.*
import kotlinx.coroutines.runBlocking

/** What an app does about an error. No `else`: an eleventh would not compile. */
private fun about(error: DoorstepException): String = when (error) {
    is DoorstepException.NotHere -> "sync, then look again"
    is DoorstepException.Ambiguous -> "ask which of ${error.count}"
    is DoorstepException.Value -> "mark the field ${error.field}"
    is DoorstepException.Misfit -> "show it and read anew"
    is DoorstepException.NotAllowed -> when (error.why) {
        Refusal.NOT_ENROLLED -> "enrol"
        Refusal.SYNC_FIRST, Refusal.NO_AUDIT -> "sync"
        Refusal.GLASS_WHOLE, Refusal.GLASS_OVER -> "break the glass"
        Refusal.WIPING -> "go on with the wipe"
        Refusal.SHUT_DOWN -> "open"
        Refusal.TERM_OVER, Refusal.SEAT_ENDED, Refusal.NO_GRANT, Refusal.NOT_REVOKED -> "ask the desk"
    }
    is DoorstepException.Locked -> when (val why = error.why) {
        LockedWhy.Locked, LockedWhy.WhosePin, LockedWhy.NoPin -> "ask for the PIN"
        is LockedWhy.WrongPin -> "${why.triesLeft} tries are left"
        is LockedWhy.TooSoon -> "wait ${why.wait}"
        is LockedWhy.SyncFirst -> "sync"
        LockedWhy.AskDesk, LockedWhy.SeatEnded, LockedWhy.ClockWentBack, LockedWhy.NoSecondKey, LockedWhy.AtDesk -> "ask the desk"
    }
    is DoorstepException.Keys -> if (error.why == KeysWhy.LOST) "enrol again" else "ask again"
    is DoorstepException.InUse -> "close the other"
    is DoorstepException.Storage -> "free some space"
    is DoorstepException.Server -> "tell who runs the server"
}

fun Checks.errors() {
    test("each error is met with what to do, and says nothing that was entered") {
        Town().use { town ->
            val met = mutableListOf<DoorstepException>()
            fun meet(call: () -> Any?) { met += thrown<DoorstepException> { call() } }
            Doorstep.create(town.path("new"), softwareVault(PASSPHRASE)).used { fresh ->
                meet { fresh.visits().record(visit(VisitKind.FollowUp, found())) }
                meet { runBlocking { fresh.sync() } }
                meet { fresh.enrolment().begin("Secret text", DeviceKind.SHARED) }
                meet { fresh.properties().withUprn(Uprn("Secret Street")) }
            }
            meet { Doorstep.open(town.path("nowhere"), softwareVault(PASSPHRASE)) }
            meet { Doorstep.open(town.path("new"), softwareVault("another passphrase")) }
            town.tablet("ot").used { ot ->
                meet { ot.properties().resolve("Secret Lane") }
                meet { Doorstep.open(town.path("ot"), softwareVault(PASSPHRASE)) }
                val record = ot.visits().record(visit(VisitKind.OtAssessment, found())).record
                meet { ot.glass().read(record) }
                meet { ot.glass().breakGlass(record, GlassPlea(GlassReason.INCIDENT, "Secret reason", null)) }
                ot.seats().setPin("482650")
                ot.seats().lock()
                meet { ot.seats().unlock(null, "739164") }
                meet { ot.carrier().importFrom(town.path("Secret.file")) }
            }
            val kinds = met.map { it::class.simpleName }.toSet()
            for (kind in listOf("NotHere", "Value", "Misfit", "NotAllowed", "Locked", "Keys", "InUse", "Storage")) {
                holds(kind in kinds) { "$kind is not among $kinds" }
            }
            for (error in met) {
                holds(about(error).isNotEmpty()) { "$error" }
                for (entered in listOf("Secret", "another passphrase", PASSPHRASE, "739164", "482650")) {
                    holds(entered !in error.toString() && entered !in (error.message ?: "")) { "“$entered” is in $error" }
                }
            }
            holds(met.filterIsInstance<DoorstepException.Locked>().any { it.why is LockedWhy.WrongPin }) { "$met" }
        }
    }
    test("what is recorded does not slip into a log by toString") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                val person = NewPerson(preferredName = "Mrs Okoro", needs = listOf(Need(NeedKind.LargePrint, "Igbo")))
                val visit = visit(VisitKind.OtAssessment, Findings(hazards = listOf(eBike(Severity.High)), people = listOf(person)))
                val record = ot.visits().record(visit).record
                val page = ot.properties().get(record)
                val people = ot.people().find("Okoro", 5u)
                same("Mrs Okoro", people.single().name)
                val plea = GlassPlea(GlassReason.INCIDENT, "smoke in the hall", "2026-0417")
                val shown = listOf(person, visit, page, page.hazards, page.visits, people, ot.people().get(people[0].record), FLAT,
                    ot.firebox().open(record), plea, WayIn(code = "4711 door", place = "left of the gate"))
                for (each in shown) {
                    val text = each.toString()
                    for (content in listOf("Okoro", "Igbo", "charger", "hall", "smoke", "4711", "gate", FLAT.digits)) {
                        holds(content !in text) { "“$content” is in ${each::class.simpleName}" }
                    }
                }
            }
        }
    }
}
