package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class SecretMaskTest {
    private static final ApplicationSpec SPEC = new ApplicationSpecBuilder("apps/web", "shop").build();
    private static final ObjectId ID =
            new ObjectId(ResourceKind.builtIn("v1", "Secret").orElseThrow(), "shop", "db");

    /** The response of server-side apply in Kubernetes 1.36. */
    @Test
    public void valueOfAWrongTypeIsHiddenByItsField() {
        for (Object value : List.of(7, 12345, true, 1.5e6, Map.of("a", "b"), List.of("x"))) {
            String message =
                    "failed to create typed patch object (shop/db; /v1, Kind=Secret): .data.pin: expected string,"
                            + " got &value.valueUnstructured{Value:" + value + "}";
            assertThat(
                    own(Map.of("data", Map.of("pin", value)), message),
                    is("failed to create typed patch object (shop/db; /v1, Kind=Secret): .data.pin: expected string,"
                            + " got a value of another type (hidden)"));
        }
    }

    @Test
    public void quotedValueOfAFieldIsHiddenHoweverShort() {
        assertThat(
                own(
                        Map.of(),
                        "Secret \"db\" is invalid: data[pin]: Invalid value: \"x\\\"y\": too short, data: Required"
                                + " value"),
                is("Secret \"db\" is invalid: data[pin]: Invalid value: (hidden): too short, data: Required value"));
        assertThat(
                own(Map.of(), "Secret \"db\" is invalid: stringData.pin: Unsupported value: 7: write a word"),
                is("Secret \"db\" is invalid: stringData.pin: Unsupported value: (hidden): write a word"));
        assertThat(
                own(Map.of(), "Secret \"D\" is invalid: metadata.name: Invalid value: \"D\": a lowercase name"),
                is("Secret \"D\" is invalid: metadata.name: Invalid value: \"D\": a lowercase name"));
        assertThat(
                own(Map.of(), "error decoding: error found in #10 byte of ...|\"pin\":\"@@\"}|..."),
                is("error decoding: (hidden)"));
    }

    @Test
    public void valueIsHiddenPlainAndInBase64AndQuoted() {
        String base64 = base64("hunter2 \"x\"\nsecond line");
        for (Map<String, Object> fields : List.of(
                Map.<String, Object>of("data", Map.of("password", base64)),
                Map.<String, Object>of("stringData", Map.of("password", "hunter2 \"x\"\nsecond line")))) {
            for (String shown : List.of(
                    base64,
                    "hunter2 \"x\"\nsecond line",
                    "hunter2 \\\"x\\\"\\nsecond line",
                    "hunter2 \"x\"",
                    "second line")) {
                assertThat(own(fields, "webhook: >" + shown + "< is weak"), is("webhook: >(hidden)< is weak"));
                assertThat(desired(fields).mask("webhook: >" + shown + "< is weak"), is("webhook: >(hidden)< is weak"));
            }
        }
    }

    @Test
    public void shortValueIsHiddenAsAWordInMessagesAboutItsSecret() {
        Map<String, Object> fields = Map.of("stringData", Map.of("user", "joe"));
        assertThat(own(fields, "user joe is no joeling"), is("user (hidden) is no joeling"));
        assertThat(desired(fields).mask("user joe is no joeling"), is("user joe is no joeling"));
    }

    @Test
    public void longerValueContainingAnotherIsHiddenEntirely() {
        Map<String, Object> fields = Map.of("stringData", Map.of("a", "hunter2", "b", "hunter2-and-more"));
        assertThat(own(fields, "hunter2-and-more, hunter2"), is("(hidden), (hidden)"));
    }

    @Test
    public void valueInAFieldThatASecretDoesNotHaveIsHidden() {
        assertThat(
                own(Map.of("stringdata", Map.of("a", "hunter2")), "unknown field: hunter2"),
                is("unknown field: (hidden)"));
    }

    @Test
    public void namesAndOtherKindsAreShown() throws Exception {
        Map<String, Object> fields = Map.of("stringData", Map.of("host", "payments-db"));
        DesiredState state = DesiredState.of(
                "web", SPEC, List.of(manifest("Secret", "db", fields), manifest("Service", "payments-db", Map.of())));
        assertThat(SecretMask.of(state).mask("Service payments-db is missing"), is("Service payments-db is missing"));
        DesiredState sameName = DesiredState.of("shop", SPEC, List.of(manifest("Secret", "db", fields)));
        assertThat(SecretMask.of(sameName).mask("payments-db"), is("(hidden)"));
        ObjectId map = new ObjectId(ResourceKind.builtIn("v1", "ConfigMap").orElseThrow(), "shop", "db");
        assertThat(
                SecretMask.of(map, manifest("ConfigMap", "db", Map.of("data", Map.of("a", "visible"))))
                        .mask("visible"),
                is("visible"));
        assertThat(SecretMask.of(state).mask(null), is(nullValue()));
    }

    @Test
    public void textTooLargeToSearchIsHiddenEntirely() {
        Map<String, Object> fields = Map.of("stringData", Map.of("a", "hunter2"));
        assertThat(desired(fields).mask("x".repeat(70_000) + "hunter2"), not(containsString("hunter2")));
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i < 6000; i++) {
            many.put("k" + i, "value-" + i);
        }
        assertThat(desired(Map.of("stringData", many)).mask("value-1"), not(containsString("value-1")));
    }

    private static String own(Map<String, Object> fields, String message) {
        return SecretMask.of(ID, manifest("Secret", "db", fields)).mask(message);
    }

    private static SecretMask desired(Map<String, Object> fields) {
        try {
            return SecretMask.of(
                    DesiredState.of("web", SPEC, new ArrayList<>(List.of(manifest("Secret", "db", fields)))));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Object> manifest(String kind, String name, Map<String, Object> fields) {
        Map<String, Object> manifest = new HashMap<>(fields);
        manifest.putAll(Map.of("apiVersion", "v1", "kind", kind, "metadata", Map.of("name", name)));
        return manifest;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
