/**
 * Units that share a secret, and the requests that need it.
 *
 * @typedef {{units: SettingsUnit[], requests: StoredRequest[]}} SecretGroup
 */

/**
 * Units that share an address share a secret, since kintone keeps one entry for it: they are one group, with each of
 * their requests once. Units that need no secret are in no group.
 *
 * @param {SettingsUnit[]} units
 * @returns {SecretGroup[]} in the order of their first units
 */
export function groupUnits(units) {
  /** @type {SecretGroup[]} */
  let groups = [];
  for (const unit of units.filter(({ requests }) => requests.length)) {
    const addresses = new Set(unit.requests.map(addressOf));
    /** @param {SecretGroup} group */
    const isShared = ({ requests }) => requests.some((request) => addresses.has(addressOf(request)));
    const [first, ...others] = groups.filter(isShared);
    const members = [...(first ? [first, ...others] : []), { units: [unit], requests: unit.requests }];
    const joined = {
      units: members.flatMap((member) => member.units),
      requests: onePerAddress(members.flatMap((member) => member.requests)),
    };
    groups = first
      ? groups.filter((group) => !others.includes(group)).map((group) => (group === first ? joined : group))
      : [...groups, joined];
  }
  return groups;
}

/**
 * What kintone keeps an entry by.
 *
 * @param {{method: string, url: string}} request
 */
export function addressOf({ method, url }) {
  return `${method} ${url}`;
}

/** @param {StoredRequest[]} requests */
function onePerAddress(requests) {
  return [...new Map(requests.map((request) => [addressOf(request), request])).values()];
}
