package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.application.RetryPolicy;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.Test;

public class EmptyRenderGuardTest {
    private final TreeSet<String> files = new TreeSet<>();

    private final FileTree tree = new FileTree() {
        @Override
        public Optional<byte[]> read(String path) {
            return Optional.empty();
        }

        @Override
        public List<Entry> list(String folder) {
            return files.stream()
                    .filter(path -> path.startsWith(folder + "/"))
                    .map(path -> path.substring(folder.length() + 1))
                    .map(rest -> new Entry(rest.split("/")[0], rest.contains("/")))
                    .distinct()
                    .toList();
        }
    };

    @Test
    public void folderThatRendersNothingIsRejected() {
        files.add("app/README.md");
        files.add("app/docs/more.md");
        assertThat(
                refused(),
                is("app: The folder has no manifests. Correct spec.source.path or add manifests; if the application is"
                        + " to have none, set syncPolicy.automated.allowEmpty: true."));
    }

    @Test
    public void subfoldersAreNamed() {
        files.add("app/README.md");
        for (String below : List.of("base", "dev", "docs")) {
            files.add("app/" + below + (below.equals("docs") ? "/a.md" : "/a.yaml"));
        }
        assertThat(
                refused(),
                is("app: The folder has manifests in subfolders only (base, dev), which are not read. Name one of"
                        + " them in spec.source.path, or list them in a kustomization.yaml."));
    }

    @Test
    public void emptyIsAllowedOnRequest() throws Exception {
        files.add("app/.keep");
        assertThat(
                rendering(List.of())
                        .get(new RevisionTree("1", tree), "app", spec(true))
                        .orElseThrow()
                        .objects(),
                is(List.of()));
    }

    @Test
    public void folderThatRendersSomethingIsAccepted() throws Exception {
        List<Map<String, Object>> manifests =
                List.of(Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "a")));
        assertThat(
                rendering(manifests)
                        .get(new RevisionTree("1", tree), "app", spec(false))
                        .orElseThrow()
                        .objects()
                        .size(),
                is(1));
    }

    private String refused() {
        return assertThrows(UserErrorException.class, () -> rendering(List.of())
                        .get(new RevisionTree("1", tree), "app", spec(false)))
                .getMessage();
    }

    private static CachedRendering rendering(List<Map<String, Object>> manifests) {
        return new CachedRendering((files, path) -> manifests, RenderThreads.ofCaller(), Clock.systemUTC());
    }

    private static ApplicationSpec spec(boolean allowEmpty) {
        return new ApplicationSpec(
                "app",
                "app",
                true,
                true,
                true,
                allowEmpty,
                false,
                "foreground",
                RetryPolicy.DEFAULT,
                List.of(),
                ResourceOptions.NONE);
    }
}
