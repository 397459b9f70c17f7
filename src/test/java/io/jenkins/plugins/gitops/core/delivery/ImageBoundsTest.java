package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.HostileRepository;
import io.jenkins.plugins.gitops.core.HostileRepository.Attack;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** The files of a target are read once for each content, and within bounds. */
public class ImageBoundsTest {
    private static final String FOLDER = "services/a/overlays/dev";
    private static final Target TARGET = new Target("a", "dev", FOLDER, null);

    /** A tree that provides object ids. */
    private record IdentifiedFileTree(InMemoryFileTree tree, ContentCache cache) implements FileTree {
        @Override
        public Optional<byte[]> read(String path) {
            return tree.read(path);
        }

        @Override
        public List<Entry> list(String folder) {
            return tree.list(folder);
        }

        @Override
        public Optional<String> contentId(String path) {
            Optional<byte[]> content = tree.read(path);
            tree.read().remove(tree.read().size() - 1);
            return content.map(bytes -> String.valueOf(java.util.Arrays.hashCode(bytes)));
        }
    }

    @Test
    public void theSameContentIsParsedOnce() throws Exception {
        ContentCache memory = new ContentCache();
        InMemoryFileTree one = new InMemoryFileTree()
                .with(FOLDER + "/kustomization.yaml", "components: [x.yaml]\n")
                .with(FOLDER + "/x.yaml", "kind: Component\nimages: [{name: a/b, newTag: v1}]\n");
        assertThat(read(one, memory), hasSize(1));
        int reads = one.read().size();
        assertThat(reads > 0, is(true));
        assertThat(read(one, memory), hasSize(1));
        assertThat(one.read(), hasSize(reads));

        InMemoryFileTree other = new InMemoryFileTree()
                .with(FOLDER + "/kustomization.yaml", "components: [x.yaml]\n")
                .with(FOLDER + "/x.yaml", "kind: Component\nimages: [{name: a/b, newTag: v2}]\n");
        assertThat(read(other, memory), is(List.of(ImageReference.parse("a/b:v2"))));
        assertThat(Collections.frequency(other.read(), FOLDER + "/kustomization.yaml"), is(0));
    }

    @Test
    public void chartValuesArePartOfTheCacheKey() throws Exception {
        ContentCache memory = new ContentCache();
        InMemoryFileTree tree = new InMemoryFileTree().with(FOLDER + "/values-dev.yaml", "image: {tag: v1}\n");
        assertThat(
                read(tree.with(FOLDER + "/values.yaml", "image: {repository: a/b}\n"), memory)
                        .get(0)
                        .name(),
                is("a/b"));
        assertThat(
                read(tree.with(FOLDER + "/values.yaml", "image: {repository: a/c}\n"), memory)
                        .get(0)
                        .name(),
                is("a/c"));
    }

    private static List<ImageReference> read(InMemoryFileTree tree, ContentCache memory)
            throws UserErrorException, IOException {
        return TargetImages.read(new IdentifiedFileTree(tree, memory), TARGET);
    }

    @Test(timeout = 60_000)
    public void overlongNamesAreRejectedBeforeMatching() {
        InMemoryFileTree tree = new InMemoryFileTree();
        HostileRepository.files(Attack.HUGE_NAMES).forEach(tree::with);
        String app = Attack.HUGE_NAMES.application();
        refuses(tree, app, "dev", "longer than 255 characters");
        refuses(tree, app, "staging", "No image of");
        refuses(tree, app, "production", "No image of");
    }

    @Test
    public void everyPartOfAnImageHasAMaximumLength() throws Exception {
        assertThrows(UserErrorException.class, () -> ImageReference.parse("a/" + "b-".repeat(100_000) + "b:v1"));
        assertThrows(UserErrorException.class, () -> ImageReference.parse("a/b:" + "v".repeat(129)));
        assertThrows(
                UserErrorException.class,
                () -> ImageReference.parse("a/b@" + "a+".repeat(100_000) + "a:" + "0".repeat(64)));
        assertThat(ImageReference.parse("a".repeat(255) + ":v1").name().length(), is(255));
        assertThrows(UserErrorException.class, () -> ImageReference.parse("a".repeat(256) + ":v1"));
    }

    @Test(timeout = 60_000)
    public void imageCountPerTargetIsLimited() {
        InMemoryFileTree tree = new InMemoryFileTree();
        HostileRepository.files(Attack.ONE_LINE).forEach(tree::with);
        HostileRepository.files(Attack.MANY_IMAGES).forEach(tree::with);
        refuses(tree, Attack.ONE_LINE.application(), "dev", "no more than 1000 are read");
        refuses(tree, Attack.MANY_IMAGES.application(), "dev", "no more than 1000 are read");
        Target many = new Target(Attack.MANY_IMAGES.application(), "dev", "services/many-images/overlays/dev", null);
        UserErrorException refused = assertThrows(
                UserErrorException.class,
                () -> TargetImages.set(tree, many, List.of(ImageReference.parse("a/b:v2")), false));
        assertThat(refused.getMessage(), containsString("no more than 100 are read"));
    }

    private static void refuses(InMemoryFileTree tree, String app, String env, String message) {
        Target target = new Target(app, env, "services/" + app + "/overlays/" + env, null);
        UserErrorException refused = assertThrows(UserErrorException.class, () -> TargetImages.read(tree, target));
        assertThat(refused.getMessage(), containsString(message));
    }
}
