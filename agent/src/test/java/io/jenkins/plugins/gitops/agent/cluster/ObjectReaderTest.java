package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.cluster.ObjectReader.ListPage;
import io.jenkins.plugins.gitops.agent.cluster.ObjectReader.WatchEvent;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Fields that are not needed are never passed on, regardless of the order of an object's fields. */
public class ObjectReaderTest {
    private static final ResourceKind DEPLOYMENT =
            ResourceKind.builtIn("apps/v1", "Deployment").orElseThrow();
    private static final ResourceKind SECRET =
            ResourceKind.builtIn("v1", "Secret").orElseThrow();

    private final List<Map<String, Object>> read = new ArrayList<>();

    @Test
    public void contentOfUnneededObjectsIsSkipped() throws Exception {
        ListPage page = page(DEPLOYMENT, """
                {"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"resourceVersion":"7","continue":"more"},
                "items":[{"metadata":{"name":"needed"},"spec":{"replicas":1},"status":{"replicas":1}},
                {"metadata":{"name":"other"},"spec":{"replicas":2},"status":{"list":[{"a":[]}]}}]}
                """);

        assertThat(page, is(new ListPage("7", "more")));
        assertThat(
                read,
                contains(
                        Map.of(
                                "apiVersion", "apps/v1",
                                "kind", "Deployment",
                                "metadata", Map.of("name", "needed"),
                                "spec", Map.of("replicas", 1),
                                "status", Map.of("replicas", 1)),
                        Map.of(
                                "apiVersion", "apps/v1",
                                "kind", "Deployment",
                                "metadata", Map.of("name", "other"))));
    }

    @Test
    public void contentBeforeTheMetadataIsDroppedToo() throws Exception {
        page(DEPLOYMENT, "{\"items\":[{\"data\":{\"a\":1},\"metadata\":{\"name\":\"other\"}}]}");

        assertThat(read.get(0).keySet(), contains("apiVersion", "kind", "metadata"));
    }

    @Test
    public void metadataOnlyObjectsGetTheRequestedKind() throws Exception {
        page(SECRET, """
                {"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},
                "items":[{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"needed"}}]}
                """);

        assertThat(read, contains(Map.of("apiVersion", "v1", "kind", "Secret", "metadata", Map.of("name", "needed"))));
    }

    /** Covers a server that does not support metadata-only requests. */
    @Test
    public void dataIsSkippedEvenIfTheServerSendsIt() throws Exception {
        page(SECRET, "{\"items\":[{\"metadata\":{\"name\":\"needed\"},\"data\":{\"password\":\"aHVudGVyMg==\"}}]}");

        assertThat(read.get(0).keySet(), contains("apiVersion", "kind", "metadata"));
    }

    @Test
    public void emptyListMayHaveNoItems() throws Exception {
        assertThat(
                page(SECRET, "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":null}"), is(new ListPage("7", "")));
        assertThat(read, is(empty()));
    }

    @Test
    public void truncatedListIsAnError() {
        assertThrows(IOException.class, () -> page(SECRET, "{\"items\":[{\"metadata\":{\"name\":\"needed\"}}"));
        assertThrows(IOException.class, () -> page(SECRET, "<html>"));
        assertThrows(IOException.class, () -> page(SECRET, ""));
    }

    @Test
    public void eventsCarryTheResourceVersionToResumeFrom() throws Exception {
        WatchEvent<String> event = event("{\"type\":\"MODIFIED\",\"object\":"
                + "{\"metadata\":{\"name\":\"other\",\"resourceVersion\":\"9\"},\"spec\":{\"replicas\":1}}}");

        assertThat(event, is(new WatchEvent<>("MODIFIED", "9", "other", 0)));
        assertThat(read.get(0).containsKey("spec"), is(false));
    }

    @Test
    public void bookmarkCarriesNoObject() throws Exception {
        WatchEvent<String> event =
                event("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"12\"}}}");

        assertThat(event, is(new WatchEvent<>("BOOKMARK", "12", null, 0)));
        assertThat(event.object(), is(nullValue()));
        assertThat(read, is(empty()));
    }

    @Test
    public void errorCarriesItsStatusCode() throws Exception {
        assertThat(
                event("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"metadata\":{},\"code\":410}}")
                        .errorCode(),
                is(410));
    }

    @Test
    public void malformedEventIsAnError() {
        IOException error = assertThrows(IOException.class, () -> event("{\"type\":\"ADDED\"}"));

        assertThat(error.getMessage(), containsString("ADDED"));
        assertThrows(IOException.class, () -> event("[]"));
    }

    private ListPage page(ResourceKind kind, String text) throws IOException {
        return new ObjectReader<>(kind, new SelectiveEventHandler())
                .page(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), name -> {});
    }

    private WatchEvent<String> event(String text) throws IOException {
        return new ObjectReader<>(DEPLOYMENT, new SelectiveEventHandler()).event(text);
    }

    /** Needs only the object named "needed". */
    private final class SelectiveEventHandler implements ResourceEventHandler<String> {
        @Override
        public boolean isMetadataEnough(ResourceKind kind) {
            return kind.isOneOf("Secret");
        }

        @Override
        public boolean isContentNeeded(ResourceKind kind, Map<String, Object> object) {
            return name(object).equals("needed");
        }

        @Override
        public String read(ResourceKind kind, Map<String, Object> object) {
            read.add(object);
            return name(object);
        }

        private String name(Map<String, Object> object) {
            return JsonTree.textOr("", object, "metadata", "name");
        }

        @Override
        public void replace(ResourceKind kind, String namespace, long version, List<String> objects) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void put(ResourceKind kind, String object) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(ResourceKind kind, String object) {
            throw new UnsupportedOperationException();
        }
    }
}
