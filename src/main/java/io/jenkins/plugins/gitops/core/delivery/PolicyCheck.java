package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The errors and warnings for the {@code gitops.yaml} of a tree, and the targets that it defines.
 *
 * @param hasFile whether there is such a file
 * @param errors why it cannot be read, each a message with {@code file:line:column} and remedy; empty when it can
 * @param warnings settings without effect, and targets that cannot be changed; each a message
 * @param survey null when the file cannot be read
 */
public record PolicyCheck(
        boolean hasFile,
        List<String> errors,
        List<String> warnings,
        @CheckForNull TargetSurvey survey) {
    public PolicyCheck {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /**
     * Checks the file at the root of a tree; if there is none, checks what is detected without it.
     *
     * @throws IOException when the tree cannot be read
     */
    public static PolicyCheck of(FileTree tree) throws IOException {
        return of(tree, BranchFiles.NONE);
    }

    /** The same with the files of the other branches that the file names. */
    public static PolicyCheck of(FileTree tree, BranchFiles others) throws IOException {
        try {
            Optional<byte[]> content = tree.read(Delivery.FILE);
            if (content.isPresent()) {
                List<UserErrorException> errors = PolicyErrors.of(Delivery.FILE, content.get());
                if (!errors.isEmpty()) {
                    return failed(errors.stream().map(Throwable::getMessage).toList());
                }
            }
            BranchDeliveries branches = BranchDeliveries.of(tree, others);
            TargetSurvey survey = TargetSurvey.of(branches);
            List<String> warnings = new ArrayList<>(survey.problems());
            if (content.isPresent()) {
                YamlNode root = DeliveryFile.root(Delivery.FILE, content.get());
                warnings.addAll(unmatched(branches, DeliveryFile.read(root), root));
                warnings.addAll(withoutTargets(branches, root));
            }
            survey.targets().stream()
                    .filter(target -> target.problem() != null)
                    .forEach(target -> warnings.add(target.problem()));
            survey.skipped().forEach(skipped -> warnings.add(skipped.toString()));
            return new PolicyCheck(content.isPresent(), List.of(), warnings, survey);
        } catch (UserErrorException e) {
            return failed(List.of(e.getMessage()));
        }
    }

    private static PolicyCheck failed(List<String> errors) {
        return new PolicyCheck(true, errors, List.of(), null);
    }

    /** Nothing while a branch cannot be read, which may have what is missing. */
    private static List<String> unmatched(BranchDeliveries branches, DeliveryFile file, YamlNode root)
            throws IOException {
        List<String> warnings = new ArrayList<>();
        if (!branches.problems().isEmpty()) {
            return warnings;
        }
        List<YamlNode> items = new ArrayList<>(items(root, LayoutReader.TARGETS));
        items.addAll(items(root, LayoutReader.APPLICATIONS));
        for (int i = 0; i < Math.min(items.size(), file.patterns().size()); i++) {
            LayoutPattern pattern = file.patterns().get(i);
            if (!isMatched(branches, pattern)) {
                warnings.add(items.get(i).location() + ": \"" + pattern + "\" matches no target. Correct the path, or"
                        + " remove the entry.");
            }
        }
        return warnings;
    }

    private static boolean isMatched(BranchDeliveries branches, LayoutPattern pattern) throws IOException {
        for (BranchDeliveries.BranchDelivery branch : branches.read()) {
            if (branch.delivery().isMatched(pattern)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> withoutTargets(BranchDeliveries branches, YamlNode root) throws IOException {
        Set<String> used = new HashSet<>();
        for (BranchDeliveries.BranchDelivery branch : branches.read()) {
            branch.delivery().targets().forEach(target -> used.add(target.environment()));
        }
        List<String> warnings = new ArrayList<>();
        for (YamlNode item : items(root, DeliveryFile.ENVIRONMENTS)) {
            String name = name(item);
            if (name != null && !used.contains(name) && !branches.isUnread(name)) {
                warnings.add(item.location() + ": There is no target in environment " + name + ". Add one, or set"
                        + " folder of the environment to its text in paths.");
            }
        }
        return warnings;
    }

    @CheckForNull
    private static String name(YamlNode item) {
        return item.resolved() instanceof Mapping mapping
                ? mapping.entry(EnvironmentPolicyReader.NAME)
                        .map(entry -> entry.value().resolved())
                        .filter(YamlNode.Scalar.class::isInstance)
                        .map(value -> ((YamlNode.Scalar) value).value())
                        .orElse(null)
                : null;
    }

    private static List<YamlNode> items(YamlNode root, String key) {
        return root.resolved() instanceof Mapping mapping
                ? mapping.entry(key)
                        .map(entry -> entry.value().resolved())
                        .filter(Sequence.class::isInstance)
                        .map(value -> ((Sequence) value).items())
                        .orElse(List.of())
                : List.of();
    }
}
