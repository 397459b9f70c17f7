package io.jenkins.plugins.gitops.agent.health;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Each kind in the situations of {@code situations.yaml}, as its controller writes them. */
@RunWith(Parameterized.class)
public class HealthSituationsTest {
    private final Map<String, Object> situation;
    private final Map<String, Object> object;

    public HealthSituationsTest(String name, Map<String, Object> situation, Map<String, Object> object) {
        this.situation = situation;
        this.object = object;
    }

    @Parameters(name = "{0}")
    public static List<Object[]> situations() throws IOException {
        List<Object[]> all = new ArrayList<>();
        try (InputStream file = HealthSituationsTest.class.getResourceAsStream("situations.yaml")) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(file)) {
                Map<String, Object> kind = map(document);
                if (kind == null) {
                    continue;
                }
                String[] names = String.valueOf(kind.get("kind")).split(" ");
                for (Object each : (List<?>) kind.get("situations")) {
                    Map<String, Object> situation = map(each);
                    Map<String, Object> object = new LinkedHashMap<>(map(situation.get("object")));
                    object.put("apiVersion", names[0]);
                    object.put("kind", names[1]);
                    all.add(new Object[] {names[1] + " " + situation, situation, object});
                }
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    public void healthIsAssessed() {
        HealthStatus healthStatus = ResourceHealth.of(object, List.of());

        assertThat(healthStatus.health().wireName(), is(situation.get("health")));
        assertThat(healthStatus.isRetriedFailure(), is(situation.containsKey("retried")));
        if (situation.containsKey("message")) {
            assertThat(healthStatus.message(), containsString((String) situation.get("message")));
        } else {
            assertThat(healthStatus.message(), nullValue());
        }
    }
}
