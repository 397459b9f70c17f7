package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class BoundedMapTest {
    @Test
    public void entryTooManyPushesOutTheOneAddedFirst() {
        Map<String, Integer> map = filled(BoundedMap.byInsertion(2));
        assertThat(List.copyOf(map.keySet()), is(List.of("b", "c")));
    }

    @Test
    public void entryTooManyPushesOutTheOneNotUsedForLongest() {
        Map<String, Integer> map = filled(BoundedMap.byAccess(2));
        assertThat(List.copyOf(map.keySet()), is(List.of("a", "c")));
    }

    private static Map<String, Integer> filled(Map<String, Integer> map) {
        map.put("a", 1);
        map.put("b", 2);
        map.get("a");
        map.put("c", 3);
        return map;
    }
}
