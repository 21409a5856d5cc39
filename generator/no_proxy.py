"""Which hosts NO_PROXY excludes from the proxy. No I/O."""

import ipaddress
import re
from urllib.parse import SplitResult

_HTTPS = 443


def excepts(entry: str, url: SplitResult) -> bool:
    """Whether an entry of NO_PROXY matches an address: `*`, a domain with its subdomains, an IP address or a network,
    each with an optional port. Unreadable entries match nothing: they may be rules of other programs."""
    if entry == "*":
        return True
    host, port = (url.hostname or "").rstrip("."), url.port or _HTTPS
    address = re.fullmatch(r"\[([^\]]+)\](/[0-9]+)?(?::([0-9]+))?", entry)
    if address is None and entry.count(":") <= 1:
        address = re.fullmatch(r"([^:/]+)(/[0-9]+)?(?::([0-9]+))?", entry)
    name, net, wanted = (address[1], address[2] or "", address[3]) if address else (entry, "", None)
    if wanted is not None and int(wanted) != port:
        return False
    if _is_ip(host):
        try:
            return ipaddress.ip_address(host) in ipaddress.ip_network(name + net, strict=False)
        except ValueError:
            return False
    domain = name.removeprefix("*").strip(".")
    return not net and bool(domain) and f".{host}".endswith(f".{domain}")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
