package io.jenkins.plugins.gitops.core.workload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Which digest a pod's image id denotes, and which pods count. */
public class PodDigestsTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private static final String A = "sha256:" + "a".repeat(64);
    private static final String B = "sha256:" + "b".repeat(64);
    private static final String WEB = "ghcr.io/org/web:1";

    @Test
    public void idOfTheImagesRepositoryNamesItsDigest() {
        Map<String, String> ids = Map.of(
                "ghcr.io/org/web@" + A, WEB,
                "docker-pullable://ghcr.io/org/web@" + A, WEB,
                "containerd://ghcr.io/org/web@" + A, WEB,
                "ghcr.io/org/web@" + A.replace("a", "A").replace("shA", "sha"), WEB,
                "docker.io/library/nginx@" + A, "nginx:1.27",
                "docker-pullable://nginx@" + A, "docker.io/library/nginx:1.27",
                "localhost:5000/web@" + A, "localhost:5000/web:1");
        ids.forEach((id, image) -> assertThat(id, PodDigests.digest(id, image), is(A)));
        String sha512 = "sha512:" + "c".repeat(128);
        assertThat(PodDigests.digest("ghcr.io/org/web@" + sha512, WEB), is(sha512));
    }

    @Test
    public void idOfAnythingElseIsNotKnown() {
        List<String> ids = List.of(
                "",
                A,
                "docker://" + A,
                "@" + A,
                "docker.io/library/import-2026-11-30@" + A,
                "mirror.example.com/org/web@" + A,
                "ghcr.io/org/web:1",
                "ghcr.io/org/web@sha256:abc",
                "ghcr.io/org/web@" + A + "0",
                "ghcr.io/org/web@md5:" + "a".repeat(32),
                "ghcr.io/org/web@" + A + "x".repeat(2_000));
        ids.forEach(id -> assertThat(id, PodDigests.digest(id, WEB), is(nullValue())));
    }

    private static JsonNode pod(String metadata, String ready, String containers, String statuses) throws IOException {
        return JSON.readTree("{apiVersion:'v1',kind:'Pod',metadata:{namespace:'shop',name:'web-1'" + metadata
                + "},spec:{" + containers + "},status:{phase:'Running',conditions:[{type:'Ready',status:'" + ready
                + "'}]," + statuses + "}}");
    }

    private static JsonNode web(String metadata, String ready, String digest) throws IOException {
        return pod(
                metadata,
                ready,
                "containers:[{name:'web',image:'" + WEB + "'}]",
                "containerStatuses:[{name:'web',image:'other',imageID:'ghcr.io/org/web@" + digest + "'}]");
    }

    @Test
    public void onlyReadyPodsCount() throws IOException {
        List<JsonNode> pods = List.of(
                web("", "True", A),
                web("", "False", B),
                web(",deletionTimestamp:'2026-12-01T00:00:00Z'", "True", B),
                JSON.readTree("{}"));
        assertThat(PodDigests.of(pods, List.of(WEB)), is(Map.of(WEB, List.of(A))));
    }

    @Test
    public void podsMayDiffer() throws IOException {
        List<JsonNode> pods = List.of(web("", "True", B), web("", "True", A), web("", "True", A));
        assertThat(PodDigests.of(pods, List.of(WEB)), is(Map.of(WEB, List.of(A, B))));
    }

    @Test
    public void imagesOfOtherTemplatesAreLeftOut() throws IOException {
        assertThat(PodDigests.of(List.of(web("", "True", A)), List.of("ghcr.io/org/web:2")), is(aMapWithSize(0)));
    }

    @Test
    public void containersAreMatchedByNameAlsoInitContainers() throws IOException {
        JsonNode pod = pod(
                "",
                "True",
                "initContainers:[{name:'setup',image:'setup:1'}],"
                        + "containers:[{name:'web',image:'web:1'},{name:'proxy',image:'proxy:1'}]",
                "initContainerStatuses:[{name:'setup',imageID:'docker.io/library/setup@" + B + "'}],"
                        + "containerStatuses:[{name:'proxy',imageID:'" + A + "'},"
                        + "{name:'web',imageID:'docker.io/library/web@" + A + "'}]");
        assertThat(
                PodDigests.of(List.of(pod), List.of("setup:1", "web:1", "proxy:1")),
                is(Map.of("setup:1", List.of(B), "web:1", List.of(A))));
    }

    @Test
    public void digestsOfOneImageAreBounded() throws IOException {
        List<JsonNode> pods = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pods.add(web("", "True", "sha256:" + String.format("%064x", i)));
        }
        assertThat(PodDigests.of(pods, List.of(WEB)).get(WEB), hasSize(RunningImage.MAX_DIGESTS));
    }

    @Test
    public void podKnowsItsDigestsItself() throws IOException {
        Workload pod = Workload.read(web("", "True", A)).orElseThrow();
        assertThat(RunningImages.of(List.of(pod)).get(0).digests(), is(List.of(A)));
        assertThat(pod.hasUnknownDigests(), is(false));
    }

    private static Workload workload(String kind, String selector, String image) throws IOException {
        String group =
                switch (kind) {
                    case "Job" -> "batch/v1";
                    case "ReplicationController" -> "v1";
                    default -> "apps/v1";
                };
        return Workload.read(JSON.readTree("{apiVersion:'" + group + "',kind:'" + kind
                        + "',metadata:{name:'web'},spec:{selector:" + selector
                        + ",template:{spec:{containers:[{image:'" + image
                        + "'}]}}},status:{replicas:1,updatedReplicas:1,availableReplicas:1,"
                        + "conditions:[{type:'Complete',status:'True'}]}}"))
                .orElseThrow();
    }

    @Test
    public void digestsAreUnknownForReadyPodsOfATagThatLabelsSelect() throws IOException {
        String labels = "{matchLabels:{app:'web'}}";
        assertThat(workload("Deployment", labels, "web:1").selector(), is(Map.of("app", "web")));
        assertThat(workload("Deployment", labels, "web:1").hasUnknownDigests(), is(true));
        assertThat(workload("ReplicationController", "{app:'web'}", "web:1").hasUnknownDigests(), is(true));
        assertThat(workload("Deployment", labels, "web@" + A).hasUnknownDigests(), is(false));
        assertThat(workload("Job", labels, "web:1").hasUnknownDigests(), is(false));
        assertThat(workload("Deployment", "{}", "web:1").hasUnknownDigests(), is(false));
        String more = "{matchLabels:{app:'web'},matchExpressions:[{key:'x',operator:'Exists'}]}";
        assertThat(workload("Deployment", more, "web:1").hasUnknownDigests(), is(false));
    }

    @Test
    public void digestsOfAllWorkloadsWithAnImageAreMerged() {
        Workload one = new Workload("Deployment a", List.of("web:1"), true, true, null)
                .withDigests(Map.of("web:1", List.of(B)));
        Workload other = new Workload("Deployment b", List.of("web:1", "x:1"), true, true, null)
                .withDigests(Map.of("web:1", List.of(A, B)));
        assertThat(
                RunningImages.of(List.of(one, other)),
                is(List.of(
                        new RunningImage("web:1", "Deployment a", true, null, List.of(A, B)),
                        new RunningImage("x:1", "Deployment b", true, null))));
    }
}
