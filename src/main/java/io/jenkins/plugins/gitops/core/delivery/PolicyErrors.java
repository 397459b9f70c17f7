package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds all errors of a {@code gitops.yaml}: reading stops at the first error, so the part with the error is removed
 * and the rest is read again. If other parts depend on it, such as on an environment's name, the search stops, since
 * further errors could be consequences.
 */
final class PolicyErrors {
    /** Maximum number of errors. */
    private static final int MAX_ERRORS = 50;

    private PolicyErrors() {}

    /** In the order of the text; empty when the file is valid. */
    static List<UserErrorException> of(String file, byte[] content) {
        List<UserErrorException> errors = new ArrayList<>();
        Set<SourceLocation> known = new HashSet<>();
        YamlNode root = null;
        while (errors.size() < MAX_ERRORS) {
            try {
                root = root == null ? DeliveryFile.root(file, content) : root;
                DeliveryFile.read(root);
                break;
            } catch (UserErrorException e) {
                if (e.location() != null && !known.add(e.location())) {
                    break;
                }
                errors.add(e);
                YamlNode part = root instanceof Mapping mapping ? partAt(mapping, e.location()) : null;
                if (part == null) {
                    break;
                }
                root = root.without(part);
            }
        }
        errors.sort(Comparator.comparing(
                UserErrorException::location,
                Comparator.nullsFirst(
                        Comparator.comparingInt(SourceLocation::line).thenComparingInt(SourceLocation::column))));
        return errors;
    }

    /** The part at a location that can be removed without consequences for other parts; null when there is none. */
    @CheckForNull
    private static YamlNode partAt(Mapping root, @CheckForNull SourceLocation location) {
        for (KeyValue entry : root.entries()) {
            boolean required = "apiVersion".equals(entry.name()) || "kind".equals(entry.name());
            if (required || !contains(entry.key(), location) && !contains(entry.value(), location)) {
                continue;
            }
            if (!(entry.value() instanceof Sequence sequence)
                    || entry.value().location().equals(location)) {
                return entry.key();
            }
            YamlNode item = sequence.items().stream()
                    .filter(one -> contains(one, location))
                    .findFirst()
                    .orElse(entry.key());
            if (DeliveryFile.ENVIRONMENTS.equals(entry.name())) {
                return keyOfEnvironment(item, location);
            }
            return sequence.items().size() == 1 ? entry.key() : item;
        }
        return null;
    }

    /** Null for the name, which other parts refer to. */
    @CheckForNull
    private static YamlNode keyOfEnvironment(YamlNode item, SourceLocation location) {
        if (item instanceof Mapping environment) {
            for (KeyValue entry : environment.entries()) {
                if (contains(entry.key(), location) || contains(entry.value(), location)) {
                    return EnvironmentPolicyReader.NAME.equals(entry.name()) ? null : entry.key();
                }
            }
        }
        return null;
    }

    private static boolean contains(YamlNode node, @CheckForNull SourceLocation location) {
        if (node.location().equals(location)) {
            return true;
        }
        if (node instanceof Mapping mapping) {
            return mapping.entries().stream()
                    .anyMatch(entry -> contains(entry.key(), location) || contains(entry.value(), location));
        }
        return node instanceof Sequence sequence
                && sequence.items().stream().anyMatch(item -> contains(item, location));
    }
}
