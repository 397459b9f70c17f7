package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

/** Writes are visible before their events, and late events change nothing. */
public class LiveObjectCacheTest {
    private static final ResourceKind CONFIG_MAP =
            ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();

    private final List<String> changed = new ArrayList<>();
    private final LiveObjectCache store = new LiveObjectCache(changed::add, object -> {});

    @Test
    public void olderVersionsNeverReplaceNewerOnes() {
        store.put(live("a", "web", 5, "new"));
        store.put(live("a", "web", 4, "old"));

        assertThat(store.of("web").get(0).version(), is(5L));
        assertThat(changed, contains("web"));
    }

    @Test
    public void lateEventDoesNotRestoreDeletedObject() {
        LiveObject object = live("a", "web", 5, "x");
        store.put(object);
        store.removed(object);
        store.put(live("a", "web", 4, "x"));

        assertThat(store.of("web"), is(empty()));
    }

    @Test
    public void recreatedObjectOfTheSameNameIsSeen() {
        LiveObject object = live("a", "web", 5, "x");
        store.put(object);
        store.removed(object);
        store.put(live("a", "web", 9, "x"));

        assertThat(store.of("web").get(0).version(), is(9L));
    }

    @Test
    public void resourceVersionAloneIsNotAChange() {
        store.put(live("a", "web", 5, "x"));
        store.put(live("a", "web", 6, "x"));

        assertThat(changed, contains("web"));
    }

    @Test
    public void bothApplicationsAreNotifiedWhenTrackingChanges() {
        store.put(live("a", "web", 5, "x"));
        changed.clear();
        store.put(live("a", "shop", 6, "x"));

        assertThat(changed, contains("shop", "web"));
        assertThat(store.of("web"), is(empty()));
    }

    @Test
    public void untrackedObjectsAreNotKept() {
        store.put(live("a", "web", 5, "x"));
        store.put(live("a", null, 6, "x"));

        assertThat(store.get(live("a", "web", 1, "x").id().key()), is(nullValue()));
    }

    @Test
    public void listRevealsDeletedObjects() {
        store.put(live("a", "web", 5, "x"));
        store.put(live("b", "shop", 6, "x"));
        store.put(live("c", "new", 20, "x"));
        changed.clear();
        store.replace(CONFIG_MAP, null, 10, List.of(live("a", "web", 5, "x")));

        assertThat(changed, contains("shop"));
        assertThat(store.of("new").size(), is(1));
    }

    @Test
    public void listOfOneNamespaceDoesNotAffectAnother() {
        store.put(live("a", "web", 5, "x"));
        store.replace(CONFIG_MAP, "other", 10, List.of());
        assertThat(store.of("web").size(), is(1));

        store.replace(CONFIG_MAP, "n", 10, List.of());
        assertThat(store.of("web"), is(empty()));
    }

    @Test
    public void deletionIsRememberedWhenAnotherNamespaceIsListed() {
        LiveObject object = live("a", "web", 5, "x");
        store.put(object);
        store.removed(object);
        store.replace(CONFIG_MAP, "other", 10, List.of());
        store.put(object);

        assertThat("a late event", store.of("web"), is(empty()));
    }

    private static LiveObject live(String name, String application, long version, String content) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", "v1");
        object.put("kind", "ConfigMap");
        Map<String, Object> metadata = JsonTree.child(object, "metadata");
        metadata.put("name", name);
        metadata.put("namespace", "n");
        metadata.put("uid", "uid of " + name);
        metadata.put("resourceVersion", Long.toString(version));
        JsonTree.child(object, "data").put("content", content);
        if (application != null) {
            TrackingAnnotation.write(
                    object, application, new Installation("dev", Optional.empty()), ObjectId.of(CONFIG_MAP, object));
        }
        return LiveObject.of(CONFIG_MAP, object);
    }
}
