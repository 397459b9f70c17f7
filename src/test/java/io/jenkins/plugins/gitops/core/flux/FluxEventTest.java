package io.jenkins.plugins.gitops.core.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** How the request bodies of Flux's notification controller are parsed. */
public class FluxEventTest {
    private static final String SHA = "9a8ac2eb726ee442a94a5b9ffa4dcc436370972d";
    private static final String OTHER = "991db8b7951120726ee1aa46df27d9510595c4b7";
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @Test
    public void readsARecordedEvent() throws Exception {
        FluxEvent event = FluxRecordings.events("01-first-apply.json").get(2);
        assertThat(
                event,
                is(new FluxEvent(
                        "Kustomization",
                        "flux-system",
                        "checkout",
                        "77ba55d7-b486-4a55-8bd2-b7c86b1f1735",
                        Instant.parse("2026-11-21T06:17:20Z"),
                        false,
                        "ReconciliationSucceeded",
                        "Reconciliation finished in 5.416166145s, next run in 1m0s",
                        "main@sha1:" + SHA,
                        SHA,
                        true)));
        assertThat(event.object(), is("Kustomization/flux-system/checkout"));
    }

    @Test
    public void readsAllFormsOfARevision() {
        for (String revision : List.of(
                "main@sha1:" + SHA,
                "refs/heads/release/1.2@sha1:" + SHA,
                "main/" + SHA,
                "release/1.2/" + SHA,
                "sha1:" + SHA,
                SHA)) {
            assertThat(revision, commit("\"revision\":\"" + revision + "\""), is(SHA));
        }
        for (String revision : List.of(
                "main",
                "main@sha1:" + SHA.substring(1),
                "latest@" + DIGEST,
                DIGEST,
                SHA + "0",
                "main@sha1:" + SHA.toUpperCase(java.util.Locale.ROOT),
                "main@" + SHA,
                "")) {
            assertThat(revision, commit("\"revision\":\"" + revision + "\""), is(nullValue()));
        }
    }

    @Test
    public void readsBothSpellingsOfMetadata() {
        assertThat(commit("\"kustomize.toolkit.fluxcd.io/revision\":\"main@sha1:" + SHA + "\""), is(SHA));
        assertThat(commit("\"source.toolkit.fluxcd.io/revision\":\"main@sha1:" + SHA + "\""), is(SHA));
        assertThat(
                commit("\"revision\":\"" + OTHER + "\",\"kustomize.toolkit.fluxcd.io/revision\":\"" + SHA + "\""),
                is(SHA));
        assertThat(commit("\"example.com/revision\":\"" + SHA + "\""), is(nullValue()));
        assertThat(commit("\"revision\":{\"a\":1}"), is(nullValue()));
        assertThat(commit(""), is(nullValue()));
    }

    @Test
    public void readsTheCommitOfAnOciArtifactFromItsOrigin() {
        String digest = "\"revision\":\"latest@" + DIGEST + "\"";
        assertThat(commit(digest), is(nullValue()));
        assertThat(commit(digest + ",\"originRevision\":\"main@sha1:" + SHA + "\""), is(SHA));
        assertThat(commit(digest + ",\"kustomize.toolkit.fluxcd.io/originRevision\":\"main/" + SHA + "\""), is(SHA));
    }

    @Test
    public void readsNoCommitFromTheVersionOfAChart() {
        String release = "HelmRelease/apps/payments";
        assertThat(release("1.2.3", ""), is(nullValue()));
        assertThat(release("1.2.3+9a8ac2eb726e", ""), is(nullValue()));
        assertThat(release("1.2.3+" + SHA, ""), is(SHA));
        assertThat(release("1.2.3", ",\"originRevision\":\"main@sha1:" + OTHER + "\""), is(OTHER));
        assertThat(
                FluxRecordings.parsed(release, "2026-01-01T00:00:00Z", "UpgradeSucceeded", "", "")
                        .object(),
                is(release));
    }

    @Test
    public void rejectsMalformedEvents() {
        String event = FluxRecordings.event("Kustomization/a/b", "2026-01-01T00:00:00Z", "Progressing", "x", "");
        assertThat(FluxEvent.parse(bytes(event)).isPresent(), is(true));
        for (String body : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{",
                "\"text\"",
                event.replace("\"timestamp\"", "\"time\""),
                event.replace("2026-01-01T00", "2026-13-01T00"),
                event.replace("\"reason\":\"Progressing\"", "\"reason\":7"),
                event.replace("\"Kustomization\"", "\"Kusto/mization\""),
                event.replace("\"namespace\":\"a\"", "\"namespace\":\"../a\""),
                event.replace("\"namespace\":\"a\"", "\"namespace\":\"\""),
                event.replace("\"name\":\"b\"", "\"name\":\"" + "b".repeat(254) + "\""))) {
            assertThat(body, FluxEvent.parse(bytes(body)).isPresent(), is(false));
        }
    }

    @Test
    public void truncatesLongTexts() {
        FluxEvent event =
                FluxRecordings.parsed("Kustomization/a/b", "2026-01-01T00:00:00Z", "BuildFailed", "m".repeat(5000), "");
        assertThat(event.message().length(), is(FluxEvent.MAX_MESSAGE));
        assertThat(event.message().endsWith("m…"), is(true));
    }

    private static String commit(String metadata) {
        return FluxRecordings.parsed("Kustomization/a/b", "2026-01-01T00:00:00Z", "Progressing", "", metadata)
                .commit();
    }

    private static String release(String version, String more) {
        return FluxRecordings.parsed(
                        "HelmRelease/apps/payments",
                        "2026-01-01T00:00:00Z",
                        "UpgradeSucceeded",
                        "",
                        "\"revision\":\"" + version + "\"" + more)
                .commit();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
