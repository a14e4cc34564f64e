/** A thing as it is once everything that waits on this phone is taken. */

/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Thing} Thing */

/**
 * @param {Thing} thing as the server last told
 * @param {Entry[]} waiting what the catalogue does not know yet, in the order of capture
 * @param {(code: string) => string} nameOf what a code is called
 * @returns {Thing}
 */
export function afterWaiting(thing, waiting, nameOf) {
  const taken_back = new Set(waiting.map(({ op }) => op.kind === "reverse" && op.operation));
  return waiting
    .filter(({ id, op }) => op.asset === thing.code && !taken_back.has(id))
    .reduce((asset, { op }) => afterOne(asset, op, nameOf), thing);
}

/** @param {Thing} asset @param {Entry["op"]} op @param {(code: string) => string} nameOf @returns {Thing} */
function afterOne(asset, op, nameOf) {
  switch (op.kind) {
    case "check_out": {
      const to = String(op.to_person ?? op.to_location ?? op.to_asset);
      return { ...asset, out: true, holder: nameOf(to) };
    }
    case "check_in":
      return { ...asset, out: false, holder: null, location: /** @type {string | undefined} */ (op.location) ?? asset.location };
    case "move_asset":
      return { ...asset, location: String(op.location) };
    default:
      return asset;
  }
}
