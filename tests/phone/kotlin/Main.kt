// Runs every test, or those whose names hold the argument. With a folder, does what one of the tests has another program do.

package doorstep.tests

fun main(arguments: Array<String>) {
    if (arguments.size == 2) return asAnother(arguments[0], arguments[1])
    val checks = Checks(arguments.firstOrNull())
    checks.story()
    checks.guide()
    checks.vaults()
    checks.life()
    checks.errors()
    checks.end()
}
