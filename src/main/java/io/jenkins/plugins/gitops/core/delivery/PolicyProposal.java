package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.LayoutCandidate.CandidatePattern;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.ScalarWriter;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Proposes a {@code gitops.yaml} for the content of a tree. */
public final class PolicyProposal {
    /** Maximum number of proposed entries of {@code applications}. */
    private static final int MAX_PATTERNS = 50;

    /** Maximum number of omitted locations that are listed with the reason. */
    private static final int MAX_OMITTED = 100;

    private static final String HEAD =
            "apiVersion: " + DeliveryFile.API_VERSION + "\nkind: " + DeliveryFile.KIND + "\n";

    private static final String BY_HAND = "Write a " + Delivery.FILE + " by hand, with " + PolicyExample.TARGETS;

    private PolicyProposal() {}

    /**
     * Proposes a file that {@link PolicyCheck} accepts; ignores an existing file.
     *
     * @throws UserErrorException when nothing in the tree looks like an application in an environment
     * @throws IOException when the tree cannot be read
     */
    public static String of(FileTree tree) throws UserErrorException, IOException {
        FileTree bare = new PolicyOverlay(tree, null);
        List<String> known = TargetSurvey.of(bare, Delivery.load(bare)).targets().stream()
                .filter(target -> target.problem() == null)
                .map(TargetSurvey.FoundTarget::environment)
                .toList();
        List<LayoutCandidate> candidates = LayoutCandidates.of(bare);
        Map<CandidatePattern, List<LayoutCandidate>> patterns = patterns(candidates);
        List<String> inferred = patterns.values().stream()
                .flatMap(Collection::stream)
                .map(LayoutCandidate::environment)
                .toList();
        if (known.isEmpty() && inferred.isEmpty()) {
            throw new UserErrorException(
                    "No folder of this repository looks like an application in an environment whose image is set there",
                    BY_HAND);
        }
        String proposal = HEAD
                + (known.size() >= inferred.size()
                        ? environments(known)
                        : omitted(candidates, patterns) + applications(patterns.keySet()) + environments(inferred));
        PolicyCheck check = PolicyCheck.of(new PolicyOverlay(tree, proposal.getBytes(StandardCharsets.UTF_8)));
        if (!check.errors().isEmpty()) {
            throw new UserErrorException(
                    "The folders of this repository do not have one layout: "
                            + check.errors().get(0),
                    BY_HAND);
        }
        return proposal;
    }

    /** The patterns that match targets not matched by a preceding pattern; those with most targets first. */
    private static Map<CandidatePattern, List<LayoutCandidate>> patterns(List<LayoutCandidate> candidates) {
        Map<CandidatePattern, List<LayoutCandidate>> all = new LinkedHashMap<>();
        candidates.forEach(candidate -> all.computeIfAbsent(candidate.pattern(), pattern -> new ArrayList<>())
                .add(candidate));
        Comparator<Map.Entry<CandidatePattern, List<LayoutCandidate>>> bySize =
                Comparator.comparingInt(entry -> -entry.getValue().size());
        Map<CandidatePattern, List<LayoutCandidate>> chosen = new LinkedHashMap<>();
        Set<String> covered = new HashSet<>();
        all.entrySet().stream().sorted(bySize).forEach(entry -> {
            List<LayoutCandidate> places = entry.getValue();
            boolean isNew = places.stream().noneMatch(candidate -> covered.contains(candidate.id()));
            if (isNew && chosen.size() < MAX_PATTERNS) {
                chosen.put(entry.getKey(), places);
                places.forEach(candidate -> covered.add(candidate.id()));
            }
        });
        return chosen;
    }

    /** Comments about locations that no pattern matches because another location is the same target. */
    private static String omitted(
            List<LayoutCandidate> candidates, Map<CandidatePattern, List<LayoutCandidate>> patterns) {
        StringBuilder text = new StringBuilder();
        candidates.stream()
                .filter(candidate -> !patterns.containsKey(candidate.pattern()))
                .limit(MAX_OMITTED)
                .forEach(candidate -> text.append("# ")
                        .append(TextSanitizer.line(Objects.requireNonNullElse(candidate.file(), candidate.folder())))
                        .append(" is not proposed: it would be ")
                        .append(candidate.id())
                        .append(", too\n"));
        return text.toString();
    }

    private static String applications(Collection<CandidatePattern> patterns) {
        StringBuilder text = new StringBuilder("applications:\n");
        for (CandidatePattern pattern : patterns) {
            text.append("- path: ").append(scalar(pattern.path())).append('\n');
            line(text, "imageFile", pattern.imageFile());
            line(text, "application", pattern.application());
            line(text, "environment", pattern.environment());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String key, @CheckForNull String value) {
        if (value != null) {
            text.append("  ").append(key).append(": ").append(scalar(value)).append('\n');
        }
    }

    private static String environments(Collection<String> names) {
        Set<String> sorted = new TreeSet<>(WellKnownEnvironments::compare);
        sorted.addAll(names);
        StringBuilder text = new StringBuilder("environments:\n");
        sorted.forEach(name -> text.append("- name: ").append(scalar(name)).append('\n'));
        return text.toString();
    }

    private static String scalar(String text) {
        return ScalarWriter.write(text, QuotingStyle.PLAIN, false);
    }
}
