package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.application.Retry;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.Test;

/** An application is rendered again only when something that was read for it changed. */
public class RenderingTest {
    private static final ApplicationSpec SPEC = new ApplicationSpec(
            "apps/web",
            "web",
            true,
            true,
            true,
            false,
            true,
            "foreground",
            Retry.DEFAULT,
            List.of(),
            ResourceOptions.NONE);

    private final Map<String, String> files = new HashMap<>(Map.of(
            "apps/web/a", "one",
            "base/b", "two",
            "other/c", "three"));
    private int renders;

    private final Rendering rendering = new Rendering((tree, path) -> {
        renders++;
        String text = new String(tree.read(path + "/a").orElseThrow(), StandardCharsets.UTF_8)
                + new String(tree.read("base/b").orElseThrow(), StandardCharsets.UTF_8)
                + tree.list("base").size();
        if (text.contains("broken")) {
            throw new RefusedException("broken", "mend it");
        }
        return List.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "ConfigMap",
                "metadata",
                Map.of("name", "c"),
                "data",
                Map.of("text", text)));
    });

    @Test
    public void unrelatedChangeIsNotRendered() throws Exception {
        DesiredState before = at("1");
        files.put("other/c", "changed");

        assertThat(at("2"), is(sameInstance(before)));
        assertThat(renders, is(1));
    }

    @Test
    public void changeOfABaseIsRendered() throws Exception {
        String before = at("1").hash();
        files.put("base/b", "changed");

        assertThat(at("2").hash(), is(not(before)));
    }

    @Test
    public void newFileInAListedFolderIsRendered() throws Exception {
        String before = at("1").hash();
        files.put("base/new", "");

        assertThat(at("2").hash(), is(not(before)));
    }

    @Test
    public void sameRevisionIsNotRenderedAgain() throws Exception {
        at("1");
        at("1");

        assertThat(renders, is(1));
    }

    @Test
    public void brokenOneIsTriedAgain() throws Exception {
        at("1");
        files.put("base/b", "broken");
        assertThrows(RefusedException.class, () -> at("2"));
        files.put("base/b", "two");

        at("3");
        assertThat(renders, is(3));
    }

    @Test
    public void refusalIsKeptForTheRevision() throws Exception {
        files.put("base/b", "broken");
        assertThrows(RefusedException.class, () -> at("1"));
        assertThrows(RefusedException.class, () -> at("1"));
        assertThat(renders, is(1));
        assertThrows(RefusedException.class, () -> at("2"));
        assertThat(renders, is(2));
    }

    private DesiredState at(String revision) throws Exception {
        Map<String, String> now = new TreeMap<>(files);
        return rendering.at(
                new Tip(revision, new FileTree() {
                    @Override
                    public Optional<byte[]> read(String path) {
                        return Optional.ofNullable(now.get(path)).map(t -> t.getBytes(StandardCharsets.UTF_8));
                    }

                    @Override
                    public List<Entry> list(String folder) {
                        return now.keySet().stream()
                                .filter(path -> path.startsWith(folder + "/"))
                                .map(path -> new Entry(path.substring(folder.length() + 1), false))
                                .toList();
                    }
                }),
                "web",
                SPEC);
    }
}
