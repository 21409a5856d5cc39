/**
 * Opens what the build has sealed for one app (generator/sealing.py): AES-GCM, the first twelve bytes are the nonce.
 *
 * @param {string} sealed Base64
 * @param {string} key Base64
 * @returns {Promise<UnitConfig[]>} rejects where the key is not the one
 */
export async function unseal(sealed, key) {
  const bytes = fromBase64(sealed);
  const opener = await crypto.subtle.importKey("raw", fromBase64(key), "AES-GCM", false, ["decrypt"]);
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, opener, bytes.slice(12));
  return JSON.parse(new TextDecoder().decode(text));
}

/** @param {string} base64 */
function fromBase64(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
