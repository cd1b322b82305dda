// Threads and life: progress, cancelling, deadlines, observers that end, one program at a time, a program that is killed.

package doorstep.tests

import doorstep.*
import kotlinx.coroutines.*
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

private class Told(private val then: (SyncProgress) -> Unit = {}) : SyncObserver {
    val steps = CopyOnWriteArrayList<SyncProgress>()

    override fun onProgress(progress: SyncProgress) {
        steps.add(progress)
        then(progress)
    }
}

private class Watching : WatchObserver {
    val reports = CopyOnWriteArrayList<SyncReport>()
    val sent = CountDownLatch(1)

    override fun onProgress(progress: SyncProgress) {}

    override fun onReport(report: SyncReport) {
        reports.add(report)
        if (report.sent > 0uL) sent.countDown()
    }

    override fun onEnd() {}
}

fun Checks.life() {
    test("progress is told, from the library's own threads") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
                val threads = CopyOnWriteArrayList<Thread>()
                val told = Told { threads.add(Thread.currentThread()) }
                same<SyncEnd>(SyncEnd.CaughtUp, runBlocking { ot.sync(told) }.end)
                holds(told.steps.last().sent > 0uL) { "${told.steps}" }
                holds(Thread.currentThread() !in threads) { "not on the caller's thread" }
            }
        }
    }
    test("a coroutine that is cancelled stops its catch-up, and the next one comes through") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
                val begun = CompletableDeferred<Unit>()
                runBlocking(Dispatchers.Default) {
                    val job = launch { ot.sync(Told { begun.complete(Unit) }) }
                    begun.await()
                    job.cancelAndJoin()
                    holds(job.isCancelled) { "cancelled, not done" }
                }
                same(0uL, caughtUp(ot).toSend)
            }
        }
    }
    test("a stopper ends a catch-up where nothing is half done") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
                val stopper = SyncStopper()
                same<SyncEnd>(SyncEnd.Cancelled, runBlocking { ot.sync(Told { stopper.stop() }, stopper) }.end)
                same(0uL, caughtUp(ot).toSend)
            }
        }
    }
    test("a background catch-up ends within its time though the server does not answer") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
                town.freeze()
                val begun = System.nanoTime()
                val report = runBlocking { ot.syncWithin(Duration.ofSeconds(1)) }
                val seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds()
                same<SyncEnd>(SyncEnd.OutOfTime, report.end)
                holds(seconds < PATIENCE_SECONDS) { "$seconds s" }
                town.thaw()
                same(0uL, caughtUp(ot).toSend)
            }
        }
    }
    test("a watch sends what is saved, and its observer hears nothing once it is let go of") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                val observer = Watching()
                val watch = ot.watch(observer)
                ot.visits().record(visit(VisitKind.OtAssessment, found(eBike(Severity.High))))
                observer.sent.inTime("what was saved is sent")
                watch.close()
                // A catch-up of our own has its turn after what was under way, so from here on the watch is silent.
                caughtUp(ot)
                val heard = observer.reports.size
                ot.visits().record(visit(VisitKind.FollowUp, found(eBike(Severity.Low))))
                caughtUp(ot)
                same(heard, observer.reports.size, "reports after the end")
            }
        }
    }
    test("a device is open once at a time, in this program and in others") {
        Town().use { town ->
            town.tablet("ot").used {
                thrown<DoorstepException.InUse> { Doorstep.open(town.path("ot"), softwareVault(PASSPHRASE)) }
                val other = another("open", town.path("ot"))
                same("InUse", other.inputReader().readLine())
                other.waitFor()
            }
            val free = another("open", town.path("ot"))
            same("opened", free.inputReader().readLine())
            free.waitFor()
        }
    }
    test("a device that was shut down refuses every call, and can be opened again") {
        Town().use { town ->
            val ot = town.tablet("ot")
            val visits = ot.visits()
            runBlocking { ot.shutDown() }
            same(Refusal.SHUT_DOWN, thrown<DoorstepException.NotAllowed> { visits.list(10u) }.why)
            Doorstep.open(town.path("ot"), softwareVault(PASSPHRASE)).used { it.visits().list(10u) }
        }
    }
    test("a program that is killed has lost nothing that was saved") {
        Town().use { town ->
            town.tablet("ot").used {}
            val child = another("save", town.path("ot"))
            val lines = child.inputReader()
            var saved = 0
            while (saved < 5) if (lines.readLine() == "saved") saved += 1
            // Not the process's own: that closes the pipe, and with it what was told before the end.
            child.toHandle().destroyForcibly()
            child.waitFor()
            saved += lines.readLines().count { it == "saved" }
            Doorstep.open(town.path("ot"), softwareVault(PASSPHRASE)).used { ot ->
                holds(ot.visits().list(1000u).size >= saved) { "$saved were saved, ${ot.visits().list(1000u).size} are here" }
                same(0uL, caughtUp(ot).toSend)
            }
        }
    }
    test("every thread may use one device, and memory can be given back meanwhile") {
        Town().use { town ->
            town.tablet("ot").used { ot ->
                runBlocking(Dispatchers.Default) {
                    repeat(8) { launch { repeat(5) { ot.visits().record(visit(VisitKind.FollowUp, found(eBike(Severity.Low)))) } } }
                    launch { repeat(20) { ot.keepLoaded(0u); ot.properties().find("999900000110", 5u) } }
                    launch { ot.sync() }
                }
                same(40, ot.flat().hazards.size)
                same(0uL, caughtUp(ot).toSend)
            }
        }
    }
}

/** Another program with the same library. */
private fun another(vararg arguments: String): Process {
    val java = ProcessHandle.current().info().command().get()
    val command = listOf(java, "-Djna.library.path=" + System.getProperty("jna.library.path"), "-cp",
        System.getProperty("java.class.path"), "doorstep.tests.MainKt") + arguments
    return ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
}

/** What another program does. */
fun asAnother(what: String, folder: String) {
    try {
        Doorstep.open(folder, softwareVault(PASSPHRASE)).used { device ->
            println("opened")
            while (what == "save") {
                device.visits().record(visit(VisitKind.FollowUp, found(eBike(Severity.Low))))
                println("saved")
            }
        }
    } catch (inUse: DoorstepException.InUse) {
        println("InUse")
    }
}
