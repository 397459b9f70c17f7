package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ContentCache.Weighted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class ContentCacheTest {
    private record Text(String text, int weight) implements Weighted {}

    private record Other(String text) implements Weighted {}

    private final ContentCache memory = new ContentCache(100);
    private final List<String> made = new ArrayList<>();

    @Test
    public void loadsEachOnce() throws Exception {
        Text first = get("a", 1);
        assertThat(get("a", 1), is(sameInstance(first)));
        assertThat(memory.get(Other.class, List.of("a"), () -> new Other("x")).text(), is("x"));
        assertThat(made, is(List.of("a")));
    }

    @Test
    public void evictsLeastRecentlyUsed() throws Exception {
        for (int i = 0; i < 20; i++) {
            get("first", 5);
            get("n" + i, 9);
        }
        made.clear();
        get("first", 5);
        get("n19", 9);
        get("n0", 9);
        assertThat(made, is(List.of("n0")));
    }

    @Test
    public void oversizedEntryEvictsNothing() throws Exception {
        get("light", 1);
        get("heavy", 1_000);
        get("heavy", 1_000);
        get("light", 1);
        assertThat(made, is(List.of("light", "heavy", "heavy")));
    }

    @Test
    public void cachesUserErrorsButNotFailures() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThrows(
                    UserErrorException.class,
                    () -> memory.get(Text.class, List.of("bad"), () -> {
                        made.add("bad");
                        throw new UserErrorException("Bad", "Write better");
                    }));
            assertThrows(
                    IOException.class,
                    () -> memory.get(Text.class, List.of("away"), () -> {
                        made.add("away");
                        throw new IOException("away");
                    }));
        }
        assertThat(made, is(List.of("bad", "away", "away")));
    }

    private Text get(String name, int weight) throws Exception {
        return memory.get(Text.class, List.of(name), () -> {
            made.add(name);
            return new Text(name, weight);
        });
    }
}
