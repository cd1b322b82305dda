// A keystore as an app writes one over Android's. Its key is Java's instead of the hardware's, and its prompt does what a test says.

package doorstep.tests

import doorstep.*
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.SecureRandom
import java.security.Signature
import java.util.concurrent.atomic.AtomicInteger
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

private const val NONCE_BYTES = 12
private const val TAG_BITS = 128
private const val KEY_BYTES = 32

class PhoneVault(private val signs: SigningKind = SigningKind.NONE) : KeyVault {
    private var key: SecretKey? = KeyGenerator.getInstance("AES").apply { init(KEY_BYTES * 8) }.generateKey()
    private var pair: KeyPair? = null
    val signed = AtomicInteger()

    /** What the person does at the prompt; returning is consent. */
    @Volatile var prompt: () -> Unit = {}

    override fun abilities() = VaultAbilities(KeyHome.TRUSTED_HARDWARE, PromptKind.PERSON, signs)

    override fun wrap(key: ByteArray): ByteArray {
        val nonce = ByteArray(NONCE_BYTES).also(SecureRandom()::nextBytes)
        return nonce + cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(key)
    }

    override fun unwrap(wrapped: ByteArray): ByteArray {
        prompt()
        val nonce = wrapped.copyOf(NONCE_BYTES)
        return cipher(Cipher.DECRYPT_MODE, nonce).doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
    }

    override fun makeSigningKey(): ByteArray {
        val made = KeyPairGenerator.getInstance("Ed25519").generateKeyPair()
        pair = made
        // The public key stands at the end of what Java writes.
        return made.public.encoded.takeLast(KEY_BYTES).toByteArray()
    }

    override fun sign(message: ByteArray): ByteArray {
        signed.incrementAndGet()
        val pair = pair ?: throw VaultFailure.Lost()
        return Signature.getInstance("Ed25519").apply { initSign(pair.private); update(message) }.sign()
    }

    override fun destroyKeys() {
        key = null
        pair = null
    }

    private fun cipher(mode: Int, nonce: ByteArray): Cipher {
        val key = key ?: throw VaultFailure.Lost()
        return Cipher.getInstance("AES/GCM/NoPadding").apply { init(mode, key, GCMParameterSpec(TAG_BITS, nonce)) }
    }
}
