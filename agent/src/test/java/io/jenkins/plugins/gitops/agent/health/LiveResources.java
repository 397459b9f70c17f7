package io.jenkins.plugins.gitops.agent.health;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Live resources as YAML texts, and their expected health. */
final class LiveResources {
    private LiveResources() {}

    static Map<String, Object> of(String yaml) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }

    /** Returns a resource whose further fields are given in flow style, without the outer braces. */
    static Map<String, Object> of(String apiVersion, String kind, String fields) {
        return of("{apiVersion: " + apiVersion + ", kind: " + kind + (fields.isEmpty() ? "" : ", ") + fields + "}");
    }

    static void isAssessed(Map<String, Object> live, @CheckForNull Health health, @CheckForNull String message) {
        assertThat(String.valueOf(live), ResourceHealth.of(live, List.of()), is(new HealthStatus(health, message)));
    }
}
