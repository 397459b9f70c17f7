package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is delivered from each branch that a policy names.
 *
 * @param read the policy's own branch first; those that can be read
 * @param problems why the others cannot, by branch; each one a message
 */
record BranchDeliveries(List<BranchDelivery> read, Map<String, String> problems) {
    BranchDeliveries {
        read = List.copyOf(read);
        problems = Collections.unmodifiableMap(new LinkedHashMap<>(problems));
    }

    /** One branch. */
    record BranchDelivery(FileTree tree, Delivery delivery) {}

    /**
     * Reads all branches; one that cannot be read takes none of the others along.
     *
     * @param tree the files of the policy's branch
     * @throws UserErrorException when {@code gitops.yaml} cannot be read
     */
    static BranchDeliveries of(FileTree tree, BranchFiles others) throws UserErrorException, IOException {
        Delivery policy = Delivery.load(tree);
        List<BranchDelivery> read = new ArrayList<>(List.of(new BranchDelivery(tree, policy)));
        Map<String, String> problems = new LinkedHashMap<>();
        for (String branch : policy.branches()) {
            try {
                FileTree files = others.of(branch);
                read.add(new BranchDelivery(files, Delivery.load(files)));
            } catch (UserErrorException | IOException e) {
                SourceLocation location = policy.branchLocation(branch);
                String message = String.valueOf(e.getMessage());
                problems.put(
                        branch,
                        location == null || message.startsWith(location.toString())
                                ? message
                                : location + ": " + message);
            }
        }
        return new BranchDeliveries(read, problems);
    }

    /** Whether the branch of an environment cannot be read. */
    boolean isUnread(String environment) {
        String branch = read.get(0).delivery().branchOf("", environment);
        return branch != null && problems.containsKey(branch);
    }
}
