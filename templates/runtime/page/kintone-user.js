// kintone's functions about the signed-in user that only apps with `show_to` use. Source: cybozu.dev, "Get groups the
// logged-in user belongs to" and "Get organizations the logged-in user belongs to"; more than 50 reads a minute and user are refused.

/** @returns {Promise<string[]>} the codes of the user's groups; rejects if this kintone cannot tell */
export async function groupCodes() {
  return (await kintone.user.getGroups()).map(({ code }) => code);
}

/** @returns {Promise<string[]>} the codes of the user's organizations; rejects if this kintone cannot tell */
export async function organizationCodes() {
  return (await kintone.user.getOrganizations()).map(({ organization }) => organization.code);
}
