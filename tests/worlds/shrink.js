/**
 * The shortest plan that still breaks the rule, as far as leaving things out one by one finds it.
 *
 * @param {Plan} plan
 * @param {string} rule
 * @param {(plan: Plan) => Promise<World>} run
 * @returns {Promise<Plan>}
 */
export async function shrink(plan, rule, run) {
  const breaks = async (/** @type {Plan} */ one) => (await run(one)).broken?.rule === rule;
  for (let tries = 0; ; tries++) {
    const shorter = await firstThat(shorterPlans(plan, await faultsOf(plan, run)), breaks);
    if (!shorter || tries === 200) {
      return plan;
    }
    plan = shorter;
  }
}

/** @param {Plan[]} plans @param {(plan: Plan) => Promise<boolean>} fits */
async function firstThat(plans, fits) {
  for (const plan of plans) {
    if (await fits(plan)) {
      return plan;
    }
  }
  return null;
}

/** @param {Plan} plan @param {(plan: Plan) => Promise<World>} run */
async function faultsOf(plan, run) {
  return (await run(plan)).faulted;
}

/** @param {Plan} plan @param {string[]} faulted @returns {Plan[]} */
function shorterPlans(plan, faulted) {
  const { features, actions, calm } = plan;
  const on = Object.keys(features).filter((name) => features[name]);
  return [
    ...(plan.faults.length ? [{ ...plan, faults: [] }] : []),
    ...actions.map((_, n) => ({ ...plan, actions: actions.toSpliced(n, 1) })),
    ...faulted.map((key) => ({ ...plan, calm: [...calm, key] })),
    ...on.map((name) => ({ ...plan, features: { ...features, [name]: false } })),
    ...Object.keys(plan.switches)
      .filter((name) => plan.switches[name] && plan.switches[name] !== "409")
      .map((name) => ({ ...plan, switches: { ...plan.switches, [name]: name === "conflict" ? "409" : false } })),
    ...(plan.storage === "works" ? [] : [{ ...plan, storage: "works" }]),
  ];
}
