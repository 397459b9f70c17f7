package io.jenkins.plugins.gitops.agent.ownership;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class FieldOwnersTest {
    private static final Map<String, Object> AGENT = entry("gitops-agent-dev", "Apply", "");

    @Test
    public void onlyApplierHasNoOtherManagers() {
        assertThat(FieldOwners.onlyApplier(object(AGENT)), is(Optional.of("gitops-agent-dev")));
        assertThat(
                FieldOwners.onlyApplier(object(AGENT, entry("kubectl", "Update", "scale"))),
                is(Optional.of("gitops-agent-dev")));
        assertThat(FieldOwners.onlyApplier(object(AGENT, entry("kubectl-edit", "Update", ""))), is(Optional.empty()));
        assertThat(FieldOwners.onlyApplier(object(entry("kubectl-edit", "Update", ""))), is(Optional.empty()));
        assertThat(FieldOwners.onlyApplier(object()), is(Optional.empty()));
    }

    @Test
    public void everyOtherManagerCounts() {
        assertThat(
                FieldOwners.describe(object(AGENT, entry("kubectl-edit", "Update", ""))),
                is(not(FieldOwners.describe(object(AGENT, entry("kubectl-label", "Update", ""))))));
    }

    @Test
    public void timestampDoesNotCount() {
        Map<String, Object> later = new HashMap<>(entry("helm", "Update", ""));
        later.put("time", "2026-01-01T00:00:00Z");

        assertThat(
                FieldOwners.describe(object(AGENT, later)),
                is(FieldOwners.describe(object(AGENT, entry("helm", "Update", "")))));
    }

    @SafeVarargs
    private static Map<String, Object> object(Map<String, Object>... entries) {
        return Map.of("metadata", Map.of("managedFields", List.of(entries)));
    }

    private static Map<String, Object> entry(String manager, String operation, String subresource) {
        return Map.of("manager", manager, "operation", operation, "subresource", subresource);
    }
}
