package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class ImageReferenceTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @Test
    public void readsNameTagAndDigest() throws Exception {
        assertThat(ImageReference.parse("nginx:1.25"), is(new ImageReference("nginx", "1.25", null)));
        assertThat(
                ImageReference.parse("localhost:5000/a/b:v1@" + DIGEST),
                is(new ImageReference("localhost:5000/a/b", "v1", DIGEST)));
        assertThat(
                ImageReference.parse("registry:5000/a@" + DIGEST),
                is(new ImageReference("registry:5000/a", null, DIGEST)));
    }

    @Test
    public void writesWhatItRead() throws Exception {
        for (String text : List.of("nginx:1.25", "localhost:5000/a/b:v1@" + DIGEST, "ghcr.io/o/i@" + DIGEST)) {
            assertThat(ImageReference.parse(text).toString(), is(text));
        }
    }

    @Test
    public void rejectsInvalidImagesWithARemedy() {
        refuses("No tag and no digest", () -> ImageReference.of("nginx", null, null));
        assertThat(
                assertThrows(UserErrorException.class, () -> ImageReference.of("ghcr.io/o/i", "", null))
                        .getMessage(),
                is(
                        "The tag for image ghcr.io/o/i is empty. Give 1 to 128 letters, digits, '_', '.' or '-', not starting"
                                + " with '.' or '-'."));
        refuses("\"a b\" is not an image tag", () -> ImageReference.of("nginx", "a b", null));
        refuses("\"-x\" is not an image tag", () -> ImageReference.of("nginx", "-x", null));
        refuses("\"Nginx\" is not an image name", () -> ImageReference.of("Nginx", "1", null));
        refuses("\"sha256:12\" is not an image digest", () -> ImageReference.of("nginx", null, "sha256:12"));
        refuses("No tag and no digest", () -> ImageReference.parse("localhost:5000/a"));
    }

    private static void refuses(String what, ThrowingRunnable call) {
        String message = assertThrows(UserErrorException.class, call).getMessage();
        assertThat(message, message.startsWith(what), is(true));
    }
}
