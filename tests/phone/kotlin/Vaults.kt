// A keystore written in Kotlin: it refuses, is turned away, is slow, throws what it should not, signs, loses its key.

package doorstep.tests

import doorstep.*
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch

fun Checks.vaults() {
    test("a prompt that is refused, turned away or not answered leaves the device closed, and it opens the next time") {
        Town().use { town ->
            val vault = PhoneVault()
            val id = town.tablet("ot", vault = vault).used { it.id() }
            val ends = listOf(
                VaultFailure.Refused() to KeysWhy.REFUSED,
                VaultFailure.Cancelled() to KeysWhy.CANCELLED,
                VaultFailure.TimedOut() to KeysWhy.TIMED_OUT,
                VaultFailure.Unavailable() to KeysWhy.UNAVAILABLE,
            )
            for ((failure, why) in ends) {
                vault.prompt = { throw failure }
                same(why, thrown<DoorstepException.Keys> { Doorstep.open(town.path("ot"), vault) }.why)
            }
            vault.prompt = {}
            Doorstep.open(town.path("ot"), vault).used { same(id, it.id()) }
        }
    }
    test("what a keystore throws that it should not is a keystore that does not answer, and none of its words come through") {
        Town().use { town ->
            val vault = PhoneVault()
            town.tablet("ot", vault = vault).used {}
            vault.prompt = { throw IllegalStateException("the code is 4711") }
            val refused = thrown<DoorstepException.Keys> { Doorstep.open(town.path("ot"), vault) }
            same(KeysWhy.UNAVAILABLE, refused.why)
            holds("4711" !in refused.toString() && "4711" !in refused.message) { "$refused" }
        }
    }
    test("a vault that cannot wrap makes no device") {
        Town().use { town ->
            val vault = PhoneVault().apply { destroyKeys() }
            same(KeysWhy.LOST, thrown<DoorstepException.Keys> { Doorstep.create(town.path("ot"), vault) }.why)
            Doorstep.create(town.path("ot"), PhoneVault()).used {}
        }
    }
    test("a slow prompt holds up no other device") {
        Town().use { town ->
            val vault = PhoneVault()
            town.tablet("slow", vault = vault).used {}
            town.tablet("other").used { other ->
                val (asked, answered) = CountDownLatch(1) to CountDownLatch(1)
                vault.prompt = { asked.countDown(); answered.inTime("an answer") }
                val opening = CompletableFuture.supplyAsync { Doorstep.open(town.path("slow"), vault) }
                asked.inTime("the prompt")
                other.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
                caughtUp(other)
                holds(!opening.isDone) { "the prompt still waits" }
                answered.countDown()
                opening.get().used { same("e-bike", run { caughtUp(it); it.flat().hazards.single().hazard.code }) }
            }
        }
    }
    test("a keystore that signs does so for every envelope, and the server and the others believe it") {
        Town().use { town ->
            val vault = PhoneVault(SigningKind.ED25519)
            town.tablet("ot", vault = vault).used { ot ->
                val before = vault.signed.get()
                ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
                same(0uL, caughtUp(ot).toSend)
                holds(vault.signed.get() > before) { "the keystore signed" }
            }
            town.tablet("crew", FIRE).used { same(listOf("e-bike"), it.flat().hazards.map { row -> row.hazard.code }) }
        }
    }
}
