package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Every kind is searched once, as soon as the API server can answer. */
public class LeftoverSearchTest {
    private static final ResourceKind WIDGET = ResourceKind.of("example.com/v1", "Widget", "widgets", true);

    private long now;
    private final FakeApi api = new FakeApi();
    private final LeftoverSearch search = new LeftoverSearch(api, () -> now);

    @Test
    public void everyKindIsListedOnce() {
        assertThat(search.searchBuiltIn(), is(LeftoverSearch.PERIOD));
        assertThat(api.listed, hasItem("policy/PodDisruptionBudget"));
        assertThat(api.listed, not(hasItem("Pod")));
        assertThat(api.listed, not(hasItem("example.com/Widget")));
        api.listed.clear();
        assertThat(search.searchAll(), is(LeftoverSearch.PERIOD));
        assertThat(api.listed, contains("example.com/Widget"));
        api.listed.clear();
        search.searchAll();
        assertThat(api.listed, is(empty()));
    }

    @Test
    public void kindWithTrackedObjectsIsWatched() {
        api.tracked.add("policy/PodDisruptionBudget");
        api.tracked.add("example.com/Widget");
        search.searchAll();
        assertThat(api.followed, is(Set.of("policy/PodDisruptionBudget", "example.com/Widget")));
    }

    @Test
    public void failedListIsRetried() {
        api.failures.put("policy/PodDisruptionBudget", 0);
        api.tracked.add("policy/PodDisruptionBudget");
        assertThat(search.searchBuiltIn(), is(LeftoverSearch.RETRY));
        assertThat(api.followed, is(empty()));
        assertThat("a server that is away is asked no more", api.listed, not(hasItem("apps/Deployment")));

        api.failures.clear();
        assertThat(search.searchAll(), is(LeftoverSearch.PERIOD));
        assertThat(api.followed, contains("policy/PodDisruptionBudget"));
        assertThat(api.listed, hasItem("apps/Deployment"));
    }

    @Test
    public void forbiddenKindIsRetriedRarelyAndDoesNotBlockOthers() {
        api.failures.put("Secret", 403);
        assertThat(search.searchAll(), is(LeftoverSearch.PERIOD));
        assertThat(api.listed, hasItem("example.com/Widget"));
        api.listed.clear();
        search.searchAll();
        assertThat(api.listed, is(empty()));
        now += LeftoverSearch.RETRY_AFTER_REFUSAL.toNanos();
        api.failures.clear();
        search.searchAll();
        assertThat(api.listed, contains("Secret"));
    }

    @Test
    public void reappearingKindIsListedAgain() {
        search.searchAll();
        api.custom = List.of();
        search.searchAll();
        api.custom = List.of(WIDGET);
        api.tracked.add("example.com/Widget");
        search.searchAll();
        assertThat(api.followed, contains("example.com/Widget"));
    }

    @Test
    public void watchedKindIsNotListed() {
        api.followed.add("ConfigMap");
        search.searchAll();
        assertThat(api.listed, not(hasItem("ConfigMap")));
    }

    @Test
    public void onlyListableAndDeletableCustomKindsAreSearched() {
        Map<String, Object> answer = Map.of(
                "items",
                List.of(
                        group(
                                "example.com",
                                version("v2", resource("Widget", "widgets", "Namespaced", "list", "watch", "delete")),
                                version("v1", resource("Widget", "widgets", "Namespaced", "list", "watch", "delete"))),
                        group(
                                "example.org",
                                version(
                                        "v1",
                                        resource("Check", "checks", "Cluster", "create"),
                                        resource("Zone", "zones", "Cluster", "list", "watch", "delete"))),
                        group(
                                "apps",
                                version(
                                        "v1",
                                        resource(
                                                "Deployment",
                                                "deployments",
                                                "Namespaced",
                                                "list",
                                                "watch",
                                                "delete")))));

        assertThat(
                ApiDiscovery.customKinds(answer),
                is(List.of(
                        ResourceKind.of("example.com/v2", "Widget", "widgets", true),
                        ResourceKind.of("example.org/v1", "Zone", "zones", false))));
        assertThat(
                "an older server names groups only",
                ApiDiscovery.customKinds(Map.of("groups", List.of())),
                is(List.of()));
    }

    private static Map<String, Object> group(String name, Object... versions) {
        return Map.of("metadata", Map.of("name", name), "versions", List.of(versions));
    }

    private static Map<String, Object> version(String version, Object... resources) {
        return Map.of("version", version, "resources", List.of(resources));
    }

    private static Map<String, Object> resource(String kind, String plural, String scope, String... verbs) {
        return Map.of(
                "responseKind", Map.of("kind", kind), "resource", plural, "scope", scope, "verbs", List.of(verbs));
    }

    private static final class FakeApi implements LeftoverSearch.Api {
        private final List<String> listed = new ArrayList<>();
        private final Set<String> tracked = new HashSet<>();
        private final Set<String> followed = new HashSet<>();
        private final Map<String, Integer> failures = new HashMap<>();
        private List<ResourceKind> custom = List.of(WIDGET);

        @Override
        public List<ResourceKind> customKinds() {
            return custom;
        }

        @Override
        public boolean hasTracked(ResourceKind kind) throws ClusterException {
            if (failures.containsKey(kind.groupKind())) {
                throw new ClusterException(failures.get(kind.groupKind()), null, "no", List.of());
            }
            listed.add(kind.groupKind());
            return tracked.contains(kind.groupKind());
        }

        @Override
        public boolean isWatched(ResourceKind kind) {
            return followed.contains(kind.groupKind());
        }

        @Override
        public void startWatching(ResourceKind kind) {
            followed.add(kind.groupKind());
        }
    }
}
