package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;

/** Calls of {@link ImageFile} with texts instead of bytes. */
final class ImageFileEdits {
    static final String D1 = "sha256:" + "1".repeat(64);
    static final String D2 = "sha256:" + "2".repeat(64);

    private final String file;
    private final List<String> paths;

    ImageFileEdits(String file, String... paths) {
        this.file = file;
        this.paths = paths.length == 0 ? ImageFile.DEFAULT_PATHS : List.of(paths);
    }

    /** Sets an existing image {@code name:tag@digest}, and requires that a repetition changes nothing. */
    void sets(String before, String image, String after) throws UserErrorException {
        edit(before, image, after, false);
    }

    /** Sets an image that does not exist yet. */
    void creates(String before, String image, String after) throws UserErrorException {
        edit(before, image, after, true);
        assertThrows(UserErrorException.class, () -> set(before, image, false));
    }

    private void edit(String before, String image, String after, boolean create) throws UserErrorException {
        assertThat(set(before, image, create), is(after));
        assertThat("a second time", set(after, image, false), is(after));
        List<ImageReference> read = read(after).stream()
                .filter(found -> found.toString().equals(image))
                .toList();
        assertThat("read again: " + read(after), read.size(), is(1));
    }

    /** Sets name, tag and digest of the image with this key. */
    void renames(String before, String key, String image, String after) throws UserErrorException {
        ImageFile edited = ImageFile.of(file, paths);
        List<ImageUpdateSpec> settings = List.of(ImageUpdateSpec.of(key, ImageReference.parse(image)));
        assertThat(new String(edited.set(before.getBytes(UTF_8), settings, false), UTF_8), is(after));
        assertThat(read(after).contains(ImageReference.parse(image)), is(true));
    }

    void refuses(String content, String image, String message) {
        refuses(content, image, false, message);
    }

    void refusesToCreate(String content, String image, String message) {
        refuses(content, image, true, message);
    }

    private void refuses(String content, String image, boolean create, String message) {
        byte[] bytes = content.getBytes(UTF_8);
        UserErrorException refused = assertThrows(
                content,
                UserErrorException.class,
                () -> ImageFile.set(file, bytes, paths, List.of(ImageReference.parse(image)), create));
        assertThat(refused.getMessage(), is(message));
        assertThat(new String(bytes, UTF_8), is(content));
    }

    List<ImageReference> read(String content) throws UserErrorException {
        return ImageFile.read(file, content.getBytes(UTF_8), paths).stream()
                .map(ImageEntry::image)
                .toList();
    }

    private String set(String content, String image, boolean create) throws UserErrorException {
        List<ImageReference> images = List.of(ImageReference.parse(image));
        return new String(ImageFile.set(file, content.getBytes(UTF_8), paths, images, create), UTF_8);
    }
}
