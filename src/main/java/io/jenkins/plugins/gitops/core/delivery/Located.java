package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.model.ContentMemory;
import io.jenkins.plugins.gitops.core.model.ContentMemory.Made;
import io.jenkins.plugins.gitops.core.model.ContentMemory.Maker;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import io.jenkins.plugins.gitops.core.yaml.YamlWay;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * A file that was found in a tree. What is asked of it is remembered by its content where the tree knows that, so that the
 * same content is parsed once, in whichever revision it is.
 */
final class Located {
    private final FileTree tree;
    private final String name;
    /** Null when the tree does not know. */
    @CheckForNull
    private final String id;

    private byte[] content;

    private Located(FileTree tree, String name, @CheckForNull String id, @CheckForNull byte[] content) {
        this.tree = tree;
        this.name = name;
        this.id = id;
        this.content = content;
    }

    /** Null when there is no such file. */
    @CheckForNull
    static Located find(FileTree tree, String name) throws RefusedException, IOException {
        if (tree.memory() != null) {
            String id = tree.contentId(name).orElse(null);
            return id == null ? null : new Located(tree, name, id, null);
        }
        byte[] content = tree.read(name).orElse(null);
        return content == null ? null : new Located(tree, name, null, content);
    }

    /** Path from the repository's root. */
    String name() {
        return name;
    }

    byte[] content() throws RefusedException, IOException {
        if (content == null) {
            content = tree.read(name).orElseThrow(() -> new IOException(name + " is listed and cannot be read"));
        }
        return content;
    }

    private record HasImages(boolean value) implements Made {}

    /** As {@link ImageFile#present}. */
    boolean hasImages(List<String> paths) throws RefusedException, IOException {
        return made(HasImages.class, paths, null, () -> new HasImages(ImageFile.present(name, content(), paths)))
                .value();
    }

    private record HasContainers(boolean value) implements Made {}

    /** As {@link ImageFile#hasContainers}. */
    boolean hasContainers() throws RefusedException, IOException {
        return made(
                        HasContainers.class,
                        List.of(),
                        null,
                        () -> new HasContainers(ImageFile.hasContainers(name, content())))
                .value();
    }

    private record Components(List<String> names) implements Made {
        @Override
        public int weight() {
            return 1 + names.size();
        }
    }

    /** What stands below {@code components} of a kustomization. */
    List<String> components() throws RefusedException, IOException {
        return made(Components.class, List.of(), null, this::readComponents).names();
    }

    private Components readComponents() throws RefusedException, IOException {
        YamlText text = YamlText.parse(name, content());
        YamlNode root = text.first().orElse(null);
        List<YamlWay> items = root == null
                ? List.of()
                : YamlWay.of(text, root).key("components").map(YamlWay::items).orElse(List.of());
        return new Components(items.stream()
                .map(YamlWay::scalar)
                .filter(Objects::nonNull)
                .limit(ImageFile.MAX_IMAGES)
                .toList());
    }

    private record Images(List<ImageEntry> entries) implements Made {
        @Override
        public int weight() {
            return 1 + 2 * entries.size();
        }
    }

    /**
     * As {@link ImageFile#read}.
     *
     * @param below the chart's own values where this file is laid over them; null when it is not
     */
    List<ImageEntry> images(List<String> paths, @CheckForNull Located below) throws RefusedException, IOException {
        return made(
                        Images.class,
                        paths,
                        below,
                        () -> new Images(open(paths, below).read(content())))
                .entries();
    }

    /** The file for reading and writing. */
    ImageFile open(List<String> paths, @CheckForNull Located below) throws RefusedException, IOException {
        ImageFile images = ImageFile.of(name, paths);
        return below == null ? images : images.over(below.name(), below.content());
    }

    /** What a maker makes of the content, once for the same content. */
    <T extends Made> T made(Class<T> type, Maker<T> maker) throws RefusedException, IOException {
        return made(type, List.of(), null, maker);
    }

    private <T extends Made> T made(Class<T> type, List<String> paths, @CheckForNull Located below, Maker<T> maker)
            throws RefusedException, IOException {
        ContentMemory memory = tree.memory();
        if (memory == null || id == null) {
            return maker.make();
        }
        return memory.get(type, List.of(name, id, paths, below == null ? "" : String.valueOf(below.id)), maker);
    }
}
