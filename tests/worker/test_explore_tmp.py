import json, pytest, requests
from worker.conftest import *
CASES = {
 "null": ("SELECT NULL AS a", []),
 "nullparam": ("SELECT ?1 AS a", [None]),
 "numparam": ("SELECT typeof(?1) AS a", [7]),
 "boolparam": ("SELECT typeof(?1) AS a", [True]),
 "listparam": ("SELECT typeof(?1) AS a", [[1,2]]),
 "objparam": ("SELECT typeof(?1) AS a", [{"a":1}]),
 "blob": ("SELECT x'00ff' AS a, zeroblob(3) AS b", []),
 "big": ("SELECT 9007199254740993 AS a, -9223372036854775808 AS b, 9223372036854775807 AS c", []),
 "inf": ("SELECT 1e999 AS a, -1e999 AS b, 0.0 AS c, -0.0 AS d, 1e308 AS e", []),
 "unicode": ("SELECT 'é日本😀' AS a, ?1 AS \"naïve 日本\", char(0) || 'x' AS n", ["😀\u0000x"]),
 "lone": ("SELECT ?1 AS a, hex(?1) as h", ["\ud800"]),
 "bool": ("SELECT 1 = 1 AS a", []),
 "hundred": ("SELECT " + ", ".join(f"?{n} AS c{n}" for n in range(1, 101)), [str(n) for n in range(100)]),
 "101": ("SELECT " + " || ".join(f"?{n}" for n in range(1, 102)), [str(n) for n in range(101)]),
 "few": ("SELECT ?1 AS a, ?2 AS b", ["1"]),
 "toomany": ("SELECT ?1 AS a", ["1", "2"]),
 "long": (f"SELECT '{'a' * 99_900}' AS a", []),
 "toolong": (f"SELECT '{'a' * 100_000}' AS a", []),
 "large": ("SELECT printf('%.*c', 1000, 'x') AS a FROM time_entries LIMIT 3000", []),
 "dup": ("SELECT 1 AS a, 2 AS a", []),
 "empty": ("SELECT 1 AS a WHERE 0", []),
 "syntax": ("SELECT FROM", []),
 "table": ("SELECT * FROM nope", []),
 "column": ("SELECT nope FROM projects", []),
 "func": ("SELECT median(1)", []),
 "union": (" UNION ALL ".join(["SELECT 1"]*6), []),
 "cf": ("SELECT * FROM _cf_KV", []),
 "like": (f"SELECT 1 WHERE 'a' LIKE '{'a' * 51}'", []),
 "depth": ("SELECT " + "(" * 120 + "1" + ")" * 120, []),
 "cols": ("SELECT " + ", ".join("1" for _ in range(101)), []),
 "runtime": ("SELECT abs(-9223372036854775808)", []),
 "json": ("SELECT value FROM json_each('nope')", []),
 "toobig": ("SELECT zeroblob(2000000000)", []),
 "pragma": ("SELECT * FROM projects, 'pragma_user_version'", []),
 "pragma2": ("SELECT * FROM main.'pragma_user_version'", []),
 "semi": ("SELECT 1 AS a; -- x", []),
 "explain": ("EXPLAIN QUERY PLAN SELECT * FROM projects", []),
 "values": ("VALUES (1, 'a'), (2, 'b')", []),
}
def test_it(worker):
    api = f"{worker.url}/cdn-cgi/explorer/api/d1/database/{DEMO}/raw"
    def show(r):
        try: b = r.json()
        except Exception: return r.status_code, r.text[:200]
        if b.get("success"): return r.status_code, [(x["results"]["columns"][:5], x["results"]["rows"][:2], len(x["results"]["rows"]), {k: v for k, v in x["meta"].items() if k in ("rows_read","rows_written","changes","changed_db")}) for x in b["result"]]
        return r.status_code, b.get("errors")
    out = open("/tmp/explore.txt", "w")
    for name, (sql, params) in CASES.items():
        body = json.dumps({"sql": sql, "params": params})
        a = show(requests.post(api, body, headers={"content-type": "application/json"}))
        b = show(requests.post(f"{worker.demo}/raw", body, headers={"Meaux-Key": GATEWAY_KEY}))
        print("SAME" if a == b else "DIFF", name, str(a)[:400], "" if a == b else "\n     " + str(b)[:400], file=out)
    r = requests.post(f"{worker.demo}/raw", json={"sql": "SELECT 1 AS a"}, headers={"Meaux-Key": GATEWAY_KEY}); print(r.text, file=out)
    r = requests.post(api, json={"sql": "SELECT 1 AS a", "params": []}); print(r.text, file=out)
    for body in (b"", b"no", b"[]", b"{}", b'{"sql": 1}', b'{"batch": []}', b'{"batch": [{"sql": "SELECT 1", "params": []}, {"sql": "SELECT * FROM nope", "params": []}]}', b'{"sql": "SELECT 1", "params": "x"}'):
        a = requests.post(api, body, headers={"content-type": "application/json"}); b = requests.post(f"{worker.demo}/raw", body, headers={"Meaux-Key": GATEWAY_KEY})
        print(body, a.status_code, a.text[:300], "\n     ", b.status_code, b.text[:300], file=out)
