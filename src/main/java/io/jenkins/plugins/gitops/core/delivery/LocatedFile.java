package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.image.ImageSearch;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import io.jenkins.plugins.gitops.core.model.ContentCache.ContentLoader;
import io.jenkins.plugins.gitops.core.model.ContentCache.Weighted;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * A file in a tree. Results are cached by its content where the tree supports it, so that the same content is parsed
 * once, in any revision.
 */
final class LocatedFile {
    private static final ImageSearch USUAL = ImageSearch.at(List.of());

    private final FileTree tree;
    private final String name;
    /** Null when the tree has no content ids. */
    @CheckForNull
    private final String id;

    private byte[] content;

    private LocatedFile(FileTree tree, String name, @CheckForNull String id, @CheckForNull byte[] content) {
        this.tree = tree;
        this.name = name;
        this.id = id;
        this.content = content;
    }

    /** Null when there is no such file. */
    @CheckForNull
    static LocatedFile find(FileTree tree, String name) throws UserErrorException, IOException {
        if (tree.cache() != null) {
            String id = tree.contentId(name).orElse(null);
            return id == null ? null : new LocatedFile(tree, name, id, null);
        }
        byte[] content = tree.read(name).orElse(null);
        return content == null ? null : new LocatedFile(tree, name, null, content);
    }

    /** Path from the repository's root. */
    String name() {
        return name;
    }

    byte[] content() throws UserErrorException, IOException {
        if (content == null) {
            content = tree.read(name).orElseThrow(() -> new IOException(name + " is listed and cannot be read"));
        }
        return content;
    }

    private record ImagePresence(boolean value) implements Weighted {}

    /** As {@link ImageFile#present}. */
    boolean hasImages(ImageSearch search) throws UserErrorException, IOException {
        return parsed(
                        ImagePresence.class,
                        search,
                        null,
                        () -> new ImagePresence(ImageFile.of(name, search).present(content())))
                .value();
    }

    private record ContainerPresence(boolean value) implements Weighted {}

    /** As {@link ImageFile#hasContainers}. */
    boolean hasContainers() throws UserErrorException, IOException {
        return parsed(
                        ContainerPresence.class,
                        USUAL,
                        null,
                        () -> new ContainerPresence(ImageFile.hasContainers(name, content())))
                .value();
    }

    private record ParsedComponents(List<String> names) implements Weighted {
        @Override
        public int weight() {
            return 1 + names.size();
        }
    }

    /** The entries of {@code components} of a kustomization. */
    List<String> components() throws UserErrorException, IOException {
        return parsed(ParsedComponents.class, USUAL, null, this::readComponents).names();
    }

    private ParsedComponents readComponents() throws UserErrorException, IOException {
        YamlText text = YamlText.parse(name, content());
        YamlNode root = text.first().orElse(null);
        List<YamlPath> items = root == null
                ? List.of()
                : YamlPath.of(text, root).key("components").map(YamlPath::items).orElse(List.of());
        return new ParsedComponents(items.stream()
                .map(YamlPath::scalar)
                .filter(Objects::nonNull)
                .limit(ImageFile.MAX_IMAGES)
                .toList());
    }

    private record ParsedImages(List<ImageEntry> entries) implements Weighted {
        @Override
        public int weight() {
            return 1 + 2 * entries.size();
        }
    }

    /**
     * As {@link ImageFile#read}.
     *
     * @param below the chart's default values that this file overrides; null when there are none
     */
    List<ImageEntry> images(ImageSearch search, @CheckForNull LocatedFile below)
            throws UserErrorException, IOException {
        return parsed(
                        ParsedImages.class,
                        search,
                        below,
                        () -> new ParsedImages(open(search, below).read(content())))
                .entries();
    }

    /** Opens the file for reading and writing. */
    ImageFile open(ImageSearch search, @CheckForNull LocatedFile below) throws UserErrorException, IOException {
        ImageFile images = ImageFile.of(name, search);
        return below == null ? images : images.withChartValues(below.name(), below.content());
    }

    /** Derives a value from the content; cached for the same content. */
    <T extends Weighted> T parsed(Class<T> type, ContentLoader<T> contentLoader)
            throws UserErrorException, IOException {
        return parsed(type, USUAL, null, contentLoader);
    }

    private <T extends Weighted> T parsed(
            Class<T> type, ImageSearch search, @CheckForNull LocatedFile below, ContentLoader<T> contentLoader)
            throws UserErrorException, IOException {
        ContentCache memory = tree.cache();
        if (memory == null || id == null) {
            return contentLoader.load();
        }
        List<String> values = below == null ? List.of() : List.of(below.name, String.valueOf(below.id));
        return memory.get(type, List.of(name, id, search, values), contentLoader);
    }
}
