package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** Which branches the targets are on by {@code gitops.yaml}. What names none is on the branch that the file is read from. */
final class TargetBranches {
    /** The key of an environment and of an entry of {@code targets}. */
    static final String BRANCH = "branch";
    /** Nothing names a branch. */
    static final TargetBranches NONE = new TargetBranches();

    /** Each one is a clone and fetched once a minute. */
    static final int MAX_BRANCHES = 50;

    private static final int MAX_LENGTH = 200;
    private static final String REFS = "refs/";

    /** By environment, in the order of the file; without those that name none. */
    private final Map<String, String> byEnvironment = new LinkedHashMap<>();
    /** By {@code application/environment}. */
    private final Map<String, String> byTarget = new LinkedHashMap<>();
    /** Where a branch is named first. */
    private final Map<String, SourceLocation> locations = new LinkedHashMap<>();

    /** Notes the branch of an environment, if it names one. */
    void addEnvironment(String environment, StrictMapping entry) throws UserErrorException {
        String branch = read(entry);
        if (branch != null) {
            byEnvironment.put(environment, branch);
        }
    }

    /** Notes the branch of a target, if it names one. */
    void addTarget(String target, StrictMapping entry) throws UserErrorException {
        String branch = read(entry);
        if (branch != null) {
            byTarget.put(target, branch);
        }
    }

    @CheckForNull
    private String read(StrictMapping entry) throws UserErrorException {
        String branch = entry.text(BRANCH);
        if (branch == null) {
            return null;
        }
        SourceLocation location = entry.valueLocation(BRANCH);
        if (!isValid(branch)) {
            throw new UserErrorException(
                    location,
                    "\"" + branch + "\" is not a valid branch name",
                    "Write the short name of one branch, such as env/production, without " + REFS + " and wildcards");
        }
        locations.putIfAbsent(branch, location);
        if (locations.size() > MAX_BRANCHES) {
            throw new UserErrorException(
                    location,
                    "More than " + MAX_BRANCHES + " branches are named",
                    "Use fewer branches, or folders of one branch for some of the environments");
        }
        return branch;
    }

    /** As JGit checks it; a short name, which no pattern is. */
    static boolean isValid(String branch) {
        return branch.length() <= MAX_LENGTH
                && !branch.startsWith("-")
                && !branch.startsWith(REFS)
                && !branch.equals(Constants.HEAD)
                && Repository.isValidRefName(Constants.R_HEADS + branch);
    }

    /** Whether nothing names a branch, so that all targets are on one. */
    boolean isEmpty() {
        return locations.isEmpty();
    }

    /** All that are named, in the order of the file. */
    Set<String> all() {
        return Collections.unmodifiableSet(locations.keySet());
    }

    /** The named branches, and that of the policy, whose name is not known here. */
    List<TreeBranch> trees() {
        List<TreeBranch> trees = new ArrayList<>(List.of(TreeBranch.UNKNOWN));
        all().forEach(branch -> trees.add(new TreeBranch(branch, null)));
        return trees;
    }

    /** Where a branch is named first; null when it is not. */
    @CheckForNull
    SourceLocation location(@CheckForNull String branch) {
        return locations.get(branch);
    }

    /** The branch that is named for a target; null when none is. */
    @CheckForNull
    String of(String application, String environment) {
        String own = byTarget.get(application + "/" + environment);
        return own != null ? own : byEnvironment.get(environment);
    }

    /** Whether a target is on a branch. */
    boolean isOn(TreeBranch branch, String application, String environment) {
        String named = of(application, environment);
        return Objects.equals(branch.name(), named == null ? branch.policy() : named);
    }

    /**
     * The environments whose branch this is, whatever single targets name.
     *
     * @param environments all
     */
    List<String> environmentsOn(TreeBranch branch, Set<String> environments) {
        List<String> found = new ArrayList<>();
        for (String environment : environments) {
            String named = byEnvironment.get(environment);
            if (Objects.equals(branch.name(), named == null ? branch.policy() : named)) {
                found.add(environment);
            }
        }
        return found;
    }
}
