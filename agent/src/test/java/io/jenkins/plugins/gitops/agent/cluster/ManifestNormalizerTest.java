package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class ManifestNormalizerTest {
    @Test
    public void stringDataIsMergedIntoDataAndWins() throws Exception {
        Map<String, Object> secret =
                secret(Map.of("user", "Ym9i", "token", "dA=="), Map.of("user", "alice", "accent", "é"));

        assertThat(
                ManifestNormalizer.normalize(secret),
                is(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Secret",
                        "metadata",
                        Map.of("name", "s"),
                        "data",
                        Map.of("user", "YWxpY2U=", "token", "dA==", "accent", "w6k="))));
        assertThat(secret.containsKey("stringData"), is(true));
    }

    @Test
    public void emptyStringDataLeavesNoField() throws Exception {
        Map<String, Object> normalized = ManifestNormalizer.normalize(secret(null, Map.of()));

        assertThat(normalized.containsKey("stringData"), is(false));
        assertThat(normalized.containsKey("data"), is(false));
    }

    @Test
    public void nullBecomesAnEmptyValueAsInArgoCd() throws Exception {
        Map<String, Object> texts = new HashMap<>();
        texts.put("empty", null);

        assertThat(ManifestNormalizer.normalize(secret(null, texts)).get("data"), is(Map.of("empty", "")));
    }

    @Test
    public void valueThatIsNotAStringIsRejectedWithoutShowingIt() {
        UserErrorException refusal = assertThrows(
                UserErrorException.class, () -> ManifestNormalizer.normalize(secret(null, Map.of("pin", 48151623))));

        assertThat(refusal.getMessage(), containsString("Secret s: stringData.pin is not a string"));
        assertThat(refusal.getMessage(), containsString("Quote the value"));
        assertThat(refusal.getMessage(), not(containsString("48151623")));
    }

    @Test
    public void aggregatedClusterRoleHasNoRules() throws Exception {
        Map<String, Object> role = Map.of(
                "apiVersion",
                "rbac.authorization.k8s.io/v1",
                "kind",
                "ClusterRole",
                "aggregationRule",
                Map.of("clusterRoleSelectors", List.of()),
                "rules",
                List.of());

        assertThat(ManifestNormalizer.normalize(role).containsKey("rules"), is(false));
    }

    @Test
    public void everythingElseIsUnchanged() throws Exception {
        for (Map<String, Object> manifest : List.<Map<String, Object>>of(
                Map.of("apiVersion", "rbac.authorization.k8s.io/v1", "kind", "ClusterRole", "rules", List.of()),
                Map.of("apiVersion", "example.com/v1", "kind", "Secret", "stringData", Map.of("a", "b")),
                Map.of("apiVersion", "v1", "kind", "Secret", "stringData", "not a map"))) {
            assertThat(ManifestNormalizer.normalize(manifest), is(sameInstance(manifest)));
        }
    }

    private static Map<String, Object> secret(Map<String, Object> data, Map<String, Object> stringData) {
        Map<String, Object> secret = new HashMap<>(Map.of(
                "apiVersion", "v1", "kind", "Secret", "metadata", Map.of("name", "s"), "stringData", stringData));
        if (data != null) {
            secret.put("data", data);
        }
        return secret;
    }
}
