"""kintone from outside: connection, what opens it; wire, requests; answers; client, the REST API."""
