package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class EmptyRenderGuardTest {
    private final InMemoryFileTree tree = new InMemoryFileTree();

    @Test
    public void folderThatRendersNothingIsRejected() {
        tree.with("app/README.md", "");
        tree.with("app/docs/more.md", "");
        assertThat(
                refused(),
                is("app: The folder has no manifests. Correct spec.source.path or add manifests; if the application is"
                        + " to have none, set syncPolicy.automated.allowEmpty: true."));
    }

    @Test
    public void subfoldersAreNamed() {
        tree.with("app/README.md", "");
        for (String below : List.of("base", "dev", "docs")) {
            tree.with("app/" + below + (below.equals("docs") ? "/a.md" : "/a.yaml"), "");
        }
        assertThat(
                refused(),
                is("app: The folder has manifests in subfolders only (base, dev), which are not read. Name one of"
                        + " them in spec.source.path, or list them in a kustomization.yaml."));
    }

    @Test
    public void emptyIsAllowedOnRequest() throws Exception {
        tree.with("app/.keep", "");
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
        return new ApplicationSpecBuilder("app", "app")
                .allowEmpty(allowEmpty)
                .createNamespace(false)
                .build();
    }
}
