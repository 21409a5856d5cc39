/**
 * Units that share a secret, and the requests that need it.
 *
 * @typedef {{units: SettingsUnit[], requests: StoredRequest[]}} SecretGroup
 */

/**
 * Units with the same address share a secret, because kintone has one entry for it: they are one group, with each of
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
    const whole = joined(members);
    groups = first
      ? groups.filter((group) => !others.includes(group)).map((group) => (group === first ? whole : group))
      : [...groups, whole];
  }
  return groups;
}

/**
 * Groups whose units belong to one account of a service: they have the same secret, unless the administrator separates them.
 *
 * @param {SecretGroup[]} groups
 * @returns {SecretGroup[][]} in the order of their first units
 */
export function byAccount(groups) {
  /** @type {Map<string, SecretGroup[]>} */
  const found = new Map();
  for (const group of groups) {
    const { account } = group.units[0];
    found.set(account, [...(found.get(account) ?? []), group]);
  }
  return [...found.values()];
}

/**
 * @param {SecretGroup[]} groups
 * @returns {SecretGroup} all of them as one
 */
export function joined(groups) {
  return {
    units: groups.flatMap(({ units }) => units),
    requests: onePerAddress(groups.flatMap(({ requests }) => requests)),
  };
}

/**
 * The identity of an entry in kintone.
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
