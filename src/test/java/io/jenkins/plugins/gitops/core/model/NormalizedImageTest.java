package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Locale;
import org.junit.Test;

/** When a running image is the same as the image in Git. */
public class NormalizedImageTest {
    private static final String DIGEST = "@sha256:" + "a".repeat(64);
    private static final String OTHER_DIGEST = "@sha256:" + "b".repeat(64);

    @Test
    public void namesAreComparedInFullyQualifiedForm() {
        assertThat(satisfies("nginx:1.27", "docker.io/library/nginx:1.27"), is(true));
        assertThat(satisfies("index.docker.io/library/nginx:1.27", "nginx:1.27"), is(true));
        assertThat(satisfies("myorg/web:1", "docker.io/myorg/web:1"), is(true));
        assertThat(satisfies("localhost/web:1", "web:1"), is(false));
        assertThat(satisfies("registry:5000/web:1", "registry:5000/web:1"), is(true));
        assertThat(satisfies("registry:5000/web:1", "registry/web:1"), is(false));
        assertThat(satisfies("ghcr.io/myorg/web:1", "ghcr.io/myorg/webb:1"), is(false));
        assertThat(satisfies("notdocker.io/myorg/web:1", "myorg/web:1"), is(false));
    }

    @Test
    public void nameSplitsIntoRegistryAndRepository() {
        assertThat(NormalizedImage.of("nginx:1").registry(), is("docker.io"));
        assertThat(NormalizedImage.of("nginx:1").repository(), is("library/nginx"));
        assertThat(NormalizedImage.of("registry-1.docker.io/myorg/web").registry(), is("docker.io"));
        assertThat(NormalizedImage.of("localhost:5000/a/b/web").registry(), is("localhost:5000"));
        assertThat(NormalizedImage.of("localhost:5000/a/b/web").repository(), is("a/b/web"));
        assertThat(NormalizedImage.of("").registry(), is("docker.io"));
    }

    @Test
    public void tagDecidesWhereGitHasNoDigest() {
        assertThat(satisfies("web:1", "web:2"), is(false));
        assertThat(satisfies("web:1", "web:1" + DIGEST), is(true));
        assertThat(satisfies("web:latest", "web"), is(true));
        assertThat(satisfies("web:1", "web"), is(false));
    }

    @Test
    public void digestDecidesAlone() {
        assertThat(satisfies("web" + DIGEST, "web" + DIGEST), is(true));
        assertThat(satisfies("web:1" + DIGEST, "web:2" + DIGEST.toUpperCase(Locale.ROOT)), is(true));
        assertThat(satisfies("web" + DIGEST, "web" + OTHER_DIGEST), is(false));
        assertThat(satisfies("web:1" + DIGEST, "web:1"), is(false));
        assertThat(satisfies("web:1", "web" + DIGEST), is(false));
        assertThat(satisfies("web:latest", "web" + DIGEST), is(false));
    }

    private static boolean satisfies(String inGit, String running) {
        return NormalizedImage.of(inGit).isSatisfiedBy(NormalizedImage.of(running));
    }
}
