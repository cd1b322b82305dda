// The least that tests need: a name, a body, what was expected; one line that counts them at the end.

package doorstep.tests

import kotlin.system.exitProcess

class Checks(private val wanted: String?) {
    private var passed = 0
    private var failed = 0

    fun test(name: String, body: () -> Unit) {
        if (wanted != null && wanted !in name) return
        try {
            body()
            passed += 1
            println("ok      $name")
        } catch (problem: Throwable) {
            failed += 1
            println("FAILED  $name")
            problem.printStackTrace(System.out)
        }
    }

    fun end(): Nothing {
        println("$passed passed, $failed failed")
        exitProcess(if (failed == 0 && passed > 0) 0 else 1)
    }
}

fun <T> same(expected: T, found: T, what: String = "") {
    if (expected != found) throw AssertionError("$what: expected $expected, found $found")
}

fun holds(condition: Boolean, what: () -> String) {
    if (!condition) throw AssertionError(what())
}

/** What a call throws; an error where it throws nothing or something else. */
inline fun <reified E : Throwable> thrown(call: () -> Any?): E {
    val result = try {
        call()
    } catch (problem: Throwable) {
        if (problem is E) return problem
        throw AssertionError("expected ${E::class.simpleName}", problem)
    }
    throw AssertionError("expected ${E::class.simpleName}, and it returned ${result?.javaClass?.simpleName}")
}
