package io.jenkins.plugins.gitops.bench;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/**
 * A config repository with a given number of targets, and two commits: the second gives all of them a new tag. A target
 * is one folder; every environment has the same applications.
 *
 * @param before the first commit
 * @param after the second commit, tip of branch main
 */
record BenchRepository(int targets, String before, String after) {
    /** One environment is one cluster with one agent. */
    static final int ENVIRONMENTS = 10;

    private static final String OVERLAY = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - ../../base
            images:
            - name: registry.example.com/%s
              newTag: "%d"
            """;
    private static final String BASE = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - deployment.yaml
            """;
    private static final String DELIVERY = """
            apiVersion: gitops.jenkins.io/v1alpha1
            kind: Delivery
            applications:
            - path: services/{app}/overlays/{env}
            environments:
            """;

    static String environment(int number) {
        return "env-" + number;
    }

    /** Returns the number of a target's environment, from 0. */
    static int environmentOf(int target) {
        return target % ENVIRONMENTS;
    }

    static String application(int target) {
        return "app-" + target / ENVIRONMENTS;
    }

    static String path(int target) {
        return "services/" + application(target) + "/overlays/" + environment(environmentOf(target));
    }

    /** Creates a bare repository. */
    static BenchRepository create(Path bare, int targets) throws IOException, GitAPIException {
        try (Git git = Git.init()
                        .setBare(true)
                        .setGitDir(bare.toFile())
                        .setInitialBranch(ExampleRepository.BRANCH)
                        .call();
                ObjectInserter inserter =
                        ((ObjectDirectory) git.getRepository().getObjectDatabase()).newPackInserter()) {
            ObjectId before = commit(inserter, files(targets, 1), null);
            ObjectId after = commit(inserter, files(targets, 2), before);
            inserter.flush();
            point(git.getRepository(), after);
            return new BenchRepository(targets, before.name(), after.name());
        }
    }

    private static void point(Repository repository, ObjectId commit) throws IOException {
        RefUpdate update = repository.updateRef(Constants.R_HEADS + ExampleRepository.BRANCH);
        update.setNewObjectId(commit);
        update.update();
    }

    private static ObjectId commit(ObjectInserter inserter, Map<String, String> files, ObjectId parent)
            throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        for (Map.Entry<String, String> file : files.entrySet()) {
            DirCacheEntry entry = new DirCacheEntry(file.getKey());
            entry.setFileMode(FileMode.REGULAR_FILE);
            entry.setObjectId(
                    inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8)));
            builder.add(entry);
        }
        builder.finish();
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(index.writeTree(inserter));
        if (parent != null) {
            commit.setParentId(parent);
        }
        commit.setAuthor(new PersonIdent("bench", "bench@example.com"));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage("Write all targets\n");
        return inserter.insert(commit);
    }

    private static Map<String, String> files(int targets, int tag) {
        Map<String, String> files = new TreeMap<>();
        StringBuilder delivery = new StringBuilder(DELIVERY);
        for (int i = 0; i < ENVIRONMENTS; i++) {
            delivery.append("- name: ").append(environment(i)).append('\n');
        }
        files.put("gitops.yaml", delivery.toString());
        for (int i = 0; i < targets; i++) {
            String app = application(i);
            files.put("services/" + app + "/base/kustomization.yaml", BASE);
            files.put(path(i) + "/kustomization.yaml", OVERLAY.formatted(app, tag));
        }
        return files;
    }
}
