package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class ObjectNamesTest {
    @Test
    public void kubernetesNamesAreValid() {
        for (String name :
                List.of("web", "web.example.com", "system:controller:web", "Web_1", "user@example.com", "...")) {
            assertThat(name, ObjectNames.problem(name, "shop"), is(Optional.empty()));
        }
    }

    @Test
    public void nameThatWouldChangeTheUrlIsInvalid() {
        for (String name : List.of(
                "",
                ".",
                "..",
                "web/status",
                "../../kube-system/secrets/a",
                "web?force=true",
                "web#",
                "a%2Fb",
                "a b",
                "a\n")) {
            assertThat(
                    ObjectNames.problem(name, "shop"),
                    is(Optional.of("\"" + name + "\" is not a valid name of an object")));
        }
    }

    @Test
    public void namespaceMustBeADnsLabel() {
        for (String namespace :
                List.of("", "kube%2Dsystem", "kube-system/secrets/a?x=", "Shop", "a.b", "-a", "a-", "a".repeat(64))) {
            assertThat(
                    ObjectNames.problem("web", namespace),
                    is(Optional.of("\"" + namespace + "\" is not a valid name of a namespace")));
        }
        assertThat(ObjectNames.problem("web", "a".repeat(63)), is(Optional.empty()));
    }
}
