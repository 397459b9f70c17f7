package io.jenkins.plugins.gitops.core.render;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/**
 * Folders whose {@code expected.yaml} kustomize 5.8.1 wrote, and folders that it refuses, with what is said here about
 * them in {@code refused.txt}. Where kustomize is on the PATH it is asked again.
 */
@RunWith(Parameterized.class)
public class GoldenTest {
    private static final Path ROOT = root();

    private final String folder;

    public GoldenTest(String folder) {
        this.folder = folder;
    }

    @Parameters(name = "{0}")
    public static List<String> folders() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.endsWith("expected.yaml") || file.endsWith("refused.txt"))
                    .map(file -> ROOT.relativize(file.getParent()).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static Path root() {
        try {
            return Path.of(GoldenTest.class.getResource("golden").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void rendersAsKustomizeDoes() throws Exception {
        Path expected = ROOT.resolve(folder).resolve("expected.yaml");
        if (Files.exists(expected)) {
            Rendered rendered = KustomizeRenderer.render(new DirectoryTree(ROOT), folder);
            assertThat(rendered.manifests(), is(equalTo(Kustomize.manifests(Files.readString(expected)))));
            assertThat(ManifestYaml.write(rendered.manifests()), is(equalTo(Files.readString(expected))));
        } else {
            String refusal = Files.readString(ROOT.resolve(folder).resolve("refused.txt"));
            RefusedException refused = assertThrows(
                    RefusedException.class, () -> KustomizeRenderer.render(new DirectoryTree(ROOT), folder));
            assertThat(refused.getMessage(), containsString(refusal.strip()));
        }
    }

    @Test
    public void kustomizeDoesSoStill() throws Exception {
        if (Kustomize.isPresent()) {
            Path expected = ROOT.resolve(folder).resolve("expected.yaml");
            Kustomize.Result result = Kustomize.build(ROOT.resolve(folder));
            assertThat(result.messages(), result.output().isPresent(), is(Files.exists(expected)));
            if (Files.exists(expected)) {
                assertThat(result.output().orElseThrow(), is(equalTo(Files.readString(expected))));
            }
        }
    }
}
