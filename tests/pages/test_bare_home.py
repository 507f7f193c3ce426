"""What the benchmark runs as the bare SQL of Home is what a cold Home asks."""

from benchmarks.pages.contenders import bare_seconds, statements_of_home


def test_the_bare_sql_is_that_of_the_one_call_of_a_cold_home(open_page, counting, demo_file):
    open_page()
    asked = counting[0].calls[-1]
    bare = statements_of_home(demo_file)
    assert set(bare) == set(asked)
    assert len(bare) == len(asked)
    assert bare_seconds(demo_file, bare) > 0
