package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.HostileRepository;
import io.jenkins.plugins.gitops.core.HostileRepository.Attack;
import io.jenkins.plugins.gitops.core.model.ContentMemory;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** What is read of a target is read once for each content, and is bounded. */
public class ImageBoundsTest {
    private static final String FOLDER = "services/a/overlays/dev";
    private static final Target TARGET = new Target("a", "dev", FOLDER, null);

    /** A tree that knows ids. */
    private record Known(MapTree tree, ContentMemory memory) implements FileTree {
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
            tree.read.remove(tree.read.size() - 1);
            return content.map(bytes -> String.valueOf(java.util.Arrays.hashCode(bytes)));
        }
    }

    @Test
    public void theSameContentIsParsedOnce() throws Exception {
        ContentMemory memory = new ContentMemory();
        MapTree one = new MapTree()
                .with(FOLDER + "/kustomization.yaml", "components: [x.yaml]\n")
                .with(FOLDER + "/x.yaml", "kind: Component\nimages: [{name: a/b, newTag: v1}]\n");
        assertThat(read(one, memory), hasSize(1));
        int reads = one.read.size();
        assertThat(reads > 0, is(true));
        assertThat(read(one, memory), hasSize(1));
        assertThat(one.read, hasSize(reads));

        MapTree other = new MapTree()
                .with(FOLDER + "/kustomization.yaml", "components: [x.yaml]\n")
                .with(FOLDER + "/x.yaml", "kind: Component\nimages: [{name: a/b, newTag: v2}]\n");
        assertThat(read(other, memory), is(List.of(ImageReference.parse("a/b:v2"))));
        assertThat(Collections.frequency(other.read, FOLDER + "/kustomization.yaml"), is(0));
    }

    @Test
    public void valuesOfTheChartCountForWhatIsRemembered() throws Exception {
        ContentMemory memory = new ContentMemory();
        MapTree tree = new MapTree().with(FOLDER + "/values-dev.yaml", "image: {tag: v1}\n");
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

    private static List<ImageReference> read(MapTree tree, ContentMemory memory) throws RefusedException, IOException {
        return TargetImages.read(new Known(tree, memory), TARGET);
    }

    @Test(timeout = 60_000)
    public void endlessNamesAreRefusedBeforeTheyAreMatched() {
        MapTree tree = new MapTree();
        HostileRepository.files(Attack.HUGE_NAMES).forEach(tree::with);
        String app = Attack.HUGE_NAMES.application();
        refuses(tree, app, "dev", "longer than 255 characters");
        refuses(tree, app, "staging", "No image of");
        refuses(tree, app, "production", "No image of");
    }

    @Test
    public void everyPartOfAnImageIsBounded() throws Exception {
        assertThrows(RefusedException.class, () -> ImageReference.parse("a/" + "b-".repeat(100_000) + "b:v1"));
        assertThrows(RefusedException.class, () -> ImageReference.parse("a/b:" + "v".repeat(129)));
        assertThrows(
                RefusedException.class,
                () -> ImageReference.parse("a/b@" + "a+".repeat(100_000) + "a:" + "0".repeat(64)));
        assertThat(ImageReference.parse("a".repeat(255) + ":v1").name().length(), is(255));
        assertThrows(RefusedException.class, () -> ImageReference.parse("a".repeat(256) + ":v1"));
    }

    @Test(timeout = 60_000)
    public void moreImagesThanATargetHasAreNotRead() {
        MapTree tree = new MapTree();
        HostileRepository.files(Attack.ONE_LINE).forEach(tree::with);
        HostileRepository.files(Attack.MANY_IMAGES).forEach(tree::with);
        refuses(tree, Attack.ONE_LINE.application(), "dev", "no more than 1000 are read");
        refuses(tree, Attack.MANY_IMAGES.application(), "dev", "no more than 1000 are read");
        Target many = new Target(Attack.MANY_IMAGES.application(), "dev", "services/many-images/overlays/dev", null);
        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> TargetImages.set(tree, many, List.of(ImageReference.parse("a/b:v2")), false));
        assertThat(refused.getMessage(), containsString("no more than 100 are read"));
    }

    private static void refuses(MapTree tree, String app, String env, String message) {
        Target target = new Target(app, env, "services/" + app + "/overlays/" + env, null);
        RefusedException refused = assertThrows(RefusedException.class, () -> TargetImages.read(tree, target));
        assertThat(refused.getMessage(), containsString(message));
    }
}
