from meaux.queries import QUERIES, compile_query
def test_m(d1, d1_source, select, file_source):
    for name,q in QUERIES.items():
        line=[name]
        for p in ("30d","all"):
            st=compile_query(q,d1_source.binding,select(p),{"limit":5}).statement
            r=d1.fetch([st])[0]
            line.append((p,r.meta.rows_read,len(r.rows), round(r.meta.duration_ms)))
        print(*line)
    assert 0
