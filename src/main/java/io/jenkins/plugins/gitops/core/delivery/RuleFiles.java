package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds the files that match the rules for a target's images. */
final class RuleFiles {
    private static final List<String> YAML = List.of(".yaml", ".yml", ".json");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*}");

    private RuleFiles() {}

    /** The paths of a rule, from the repository's root; the YAML files of the target's folder if the rule has none. */
    static List<FileGlob> globs(Target target, ImageRule rule) {
        if (rule.files().isEmpty() && target.imageFile() != null) {
            return List.of(new FileGlob(target.imageFile()));
        }
        List<String> files =
                rule.files().isEmpty() ? YAML.stream().map(end -> "*" + end).toList() : rule.files();
        return files.stream()
                .map(file -> new FileGlob(file.startsWith("/") ? file.substring(1) : target.path() + "/" + file))
                .toList();
    }

    /** Whether a file matches any rule. */
    static boolean name(Target target, String file) {
        return target.images().stream()
                .flatMap(rule -> globs(target, rule).stream())
                .anyMatch(glob -> glob.matches(file));
    }

    /**
     * Whether a file may match such rules for any target. A cheap check that is false for nearly all files, so that the
     * targets need not be walked.
     *
     * @param rules with placeholders
     */
    static boolean mayName(List<ImageRule> rules, String file) {
        return rules.stream().flatMap(rule -> rule.files().stream()).anyMatch(template -> {
            boolean fromRoot = template.startsWith("/");
            String any = PLACEHOLDER
                    .matcher(fromRoot ? template.substring(1) : template)
                    .replaceAll("*");
            String[] segments = file.split("/", -1);
            int depth = fromRoot ? segments.length : any.split("/", -1).length;
            return segments.length >= depth
                    && new FileGlob(any)
                            .matches(String.join(
                                    "/", List.of(segments).subList(segments.length - depth, segments.length)));
        });
    }

    /** The files of rules outside of the target's folder, and the parent folders of globs. */
    static List<String> folders(Target target) {
        return target.images().stream()
                .flatMap(rule -> globs(target, rule).stream())
                .map(glob -> glob.isLiteral() ? glob.path() : glob.folder())
                .filter(path -> !path.equals(target.path()) && !target.contains(path))
                .distinct()
                .toList();
    }

    /**
     * The rules by existing file, in the order of the rules.
     *
     * @throws UserErrorException when there are too many
     */
    static Map<String, List<ImageRule>> find(FileTree tree, Target target) throws UserErrorException, IOException {
        Map<String, List<ImageRule>> found = new LinkedHashMap<>();
        for (ImageRule rule : target.images()) {
            for (FileGlob glob : globs(target, rule)) {
                for (String file : glob.files(tree)) {
                    List<ImageRule> rules = found.computeIfAbsent(file, name -> new ArrayList<>());
                    if (!rules.contains(rule)) {
                        rules.add(rule);
                    }
                }
            }
        }
        return found;
    }
}
