// ---------------------------------------------------------------------------------------------- 9 key: which count

// Verifiers of Ed25519 disagree on points of small order and on odd encodings. So a key is looked at closely once, at
// its admission, and a signature is held to the one reading on which all agree. RFC 8032 section 5.1, in whole numbers.

const PRIME = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const CURVE_D = modulo(-121665n * power(121666n, PRIME - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (PRIME - 1n) / 4n);
const ORDER_EIGHT = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL_ORDER_Y = [0n, 1n, PRIME - 1n, ORDER_EIGHT, PRIME - ORDER_EIGHT];
const IDENTITY = { x: 0n, y: 1n, z: 1n, t: 0n };

function modulo(number, by = PRIME) {
  const rest = number % by;
  return rest < 0n ? rest + by : rest;
}

function power(base, exponent, by = PRIME) {
  let [result, square] = [1n, modulo(base, by)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    result = rest & 1n ? (result * square) % by : result;
    square = (square * square) % by;
  }
  return result;
}

/** Add two points in extended coordinates; the formula is complete, so it doubles too. RFC 8032 section 5.1.4. */
function addPoints(one, other) {
  const a = (one.y - one.x) * (other.y - other.x);
  const b = (one.y + one.x) * (other.y + other.x);
  const c = 2n * one.t * other.t * CURVE_D;
  const d = 2n * one.z * other.z;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: modulo(e * f), y: modulo(g * h), z: modulo(f * g), t: modulo(e * h) };
}

function multiplyPoint(scalar, point) {
  let [result, doubled] = [IDENTITY, point];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    result = rest & 1n ? addPoints(result, doubled) : result;
    doubled = addPoints(doubled, doubled);
  }
  return result;
}

function isIdentity(point) {
  return point.x === 0n && point.y === point.z;
}

/** Return the point that 32 bytes write, or null: not canonical, or not on the curve. RFC 8032 section 5.1.3. */
function decodePoint(encoded) {
  const number = littleEndian(encoded);
  const [sign, y] = [number >> 255n, number & ((1n << 255n) - 1n)];
  const square = modulo((y * y - 1n) * power(CURVE_D * y * y + 1n, PRIME - 2n));
  let x = power(square, (PRIME + 3n) / 8n);
  x = (x * x) % PRIME === square ? x : (x * ROOT_OF_MINUS_ONE) % PRIME;
  if (y >= PRIME || (x * x) % PRIME !== square || (x === 0n && sign === 1n)) {
    return null;
  }
  x = (x & 1n) === sign ? x : PRIME - x;
  return { x, y, z: 1n, t: modulo(x * y) };
}

const P256_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function isOnP256(coordinates) {
  const [x, y] = [bigEndian(coordinates.subarray(0, 32)), bigEndian(coordinates.subarray(32))];
  return x < P256_PRIME && y < P256_PRIME && modulo(y * y - x * x * x + 3n * x - P256_B, P256_PRIME) === 0n;
}

// A SubjectPublicKeyInfo of these two is a constant, then the point: RFC 8410 section 4, RFC 5480 section 2.
const ED25519_SPKI = fromHex("302a300506032b6570032100");
const ES256_SPKI = fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

/** Return a key that every verifier reads alike, loaded for WebCrypto. */
async function admitKey(spki, alg) {
  if (alg !== "ed25519" && alg !== "es256") {
    throw new NotTrusted("KEY-01", "the key's algorithm is none of ed25519, es256");
  }
  const [constant, size] = alg === "ed25519" ? [ED25519_SPKI, 32] : [ES256_SPKI, 64];
  const point = spki.subarray(constant.length);
  if (!equalBytes(spki.subarray(0, constant.length), constant) || point.length !== size) {
    throw new NotTrusted("KEY-02", "the key is not the exact SubjectPublicKeyInfo of its algorithm");
  }
  if (alg === "ed25519") {
    checkEd25519Point(point);
  } else if (!isOnP256(point)) {
    throw new NotTrusted("KEY-06", "the key is not a point on P-256");
  }
  const [raw, name] = alg === "ed25519" ? [point, ED25519_NAME] : [concat(Uint8Array.of(4), point), P256_NAME];
  return { alg, thumbprint: hex(await sha256(spki)), loaded: await importKey(raw, name) };
}

function checkEd25519Point(encoded) {
  const point = decodePoint(encoded);
  if (point === null) {
    throw new NotTrusted("KEY-03", "the key is not a canonical point");
  }
  if (isIdentity(multiplyPoint(8n, point))) {
    throw new NotTrusted("KEY-04", "the key is of small order: its signatures fit any message");
  }
  if (!isIdentity(multiplyPoint(ORDER, point))) {
    throw new NotTrusted("KEY-05", "the key is not of prime order");
  }
}
