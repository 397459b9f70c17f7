package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where one image of a target is set, from {@code images} of {@code gitops.yaml}. Each path leads to a value; the
 * values at all paths form one image. In {@code gitops.yaml} the texts may contain placeholders such as {@code {env}};
 * the rules of a {@link Target} contain none.
 *
 * @param name of the image, registry and repository; null if the name is in the files, or unknown
 * @param files names or globs below the target's folder; with a leading slash, from the repository's root. Empty for
 *     the files where the target's images are searched
 * @param tag paths of values that are only the tag
 * @param image paths of values that are the whole {@code name:tag@digest}
 * @param digest paths of values that are only the digest; as many as tags, or none
 * @param repository paths of values that are only the name; one for all tags, as many as tags, or none
 */
public record ImageRule(
        @CheckForNull String name,
        List<String> files,
        List<String> tag,
        List<String> image,
        List<String> digest,
        List<String> repository) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    /** The characters with a special meaning in a path of keys. */
    private static final Pattern SYNTAX = Pattern.compile("[\\\\.\\[\\]=]");

    public ImageRule {
        files = List.copyOf(files);
        tag = List.copyOf(tag);
        image = List.copyOf(image);
        digest = List.copyOf(digest);
        repository = List.copyOf(repository);
    }

    /** The names of the placeholders in all texts, without braces. */
    public Set<String> placeholders() {
        Set<String> names = new LinkedHashSet<>();
        List<String> texts = new ArrayList<>(files);
        texts.add(name == null ? "" : name);
        for (List<String> paths : List.of(tag, image, digest, repository)) {
            texts.addAll(paths);
        }
        for (String text : texts) {
            Matcher matcher = PLACEHOLDER.matcher(text);
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    /**
     * Returns the rule of one target with placeholders replaced. In a path of keys, a value is always a single key; its
     * special characters are escaped.
     *
     * @param values of the placeholders, by name; placeholders without a value are kept
     */
    public ImageRule resolve(Map<String, String> values) {
        UnaryOperator<String> plain = text -> replace(text, values, false);
        return new ImageRule(
                name == null ? null : plain.apply(name),
                files.stream().map(plain).toList(),
                resolvePaths(tag, values),
                resolvePaths(image, values),
                resolvePaths(digest, values),
                resolvePaths(repository, values));
    }

    /** Returns a copy with other files. */
    public ImageRule withFiles(List<String> others) {
        return new ImageRule(name, others, tag, image, digest, repository);
    }

    /** Replaces the placeholders in paths of keys, as {@link #resolve} does. */
    public static List<String> resolvePaths(List<String> paths, Map<String, String> values) {
        return paths.stream().map(path -> replace(path, values, true)).toList();
    }

    private static String replace(String text, Map<String, String> values, boolean escaped) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            String value = values.get(match.group(1));
            if (value == null) {
                return Matcher.quoteReplacement(match.group());
            }
            String literal = escaped ? SYNTAX.matcher(value).replaceAll("\\\\$0") : value;
            return Matcher.quoteReplacement(literal);
        });
    }
}
