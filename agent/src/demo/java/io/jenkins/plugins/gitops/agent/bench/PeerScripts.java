package io.jenkins.plugins.gitops.agent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The changes and pushes of the peers, as shell scripts. */
final class PeerScripts {
    /** Makes a commit on the newest tip with Git's plumbing commands, so that a large repository needs no work tree. */
    private static final String COMMIT = """
            git fetch -q "$1" +refs/heads/main:refs/heads/main
            git read-tree refs/heads/main
            blob=$( (git cat-file blob "refs/heads/main:$2" && echo "# $3") | git hash-object -w --stdin)
            git update-index --cacheinfo "100644,$blob,$2"
            git update-ref refs/heads/next "$(git commit-tree -p refs/heads/main -m "$3" "$(git write-tree)")"
            """;

    /** What pipelines commonly do; a push that lost a race is retried on the newest tip. */
    private static final String SHELL = """
            rm -rf "$1"
            git clone -q --depth 1 "$2" "$1"
            cd "$1/services/$3/overlays/dev"
            "$5" edit set image "registry.example.com/$3=registry.example.com/$3:$4"
            git commit -q -a -m "set image $4"
            until git push -q; do
              git pull -q --rebase
            done
            """;

    /** The same with a cloned work tree, without kustomize. */
    private static final String CLONE_AND_EDIT = """
            folder=$1 url=$2 app=$3 tag=$4
            shift 4
            rm -rf "$folder"
            git clone -q "$@" "$url" "$folder"
            cd "$folder/services/$app/overlays/dev"
            sed "s/newTag: .*/newTag: \\"$tag\\"/" kustomization.yaml > edited
            mv edited kustomization.yaml
            git commit -q -a -m "set image $tag"
            git push -q
            """;

    private static final String FILE = GeneratedRepository.imageFile(GeneratedRepository.name(1), "staging");

    private PeerScripts() {}

    /**
     * Pushes a commit that already exists. This is the floor that any change has to pay.
     *
     * @param clone a bare repository; created if missing
     * @return the duration of {@code git push} in milliseconds
     */
    static double push(Path clone, String url, String text) throws IOException, InterruptedException {
        prepare(clone, url, text);
        long start = System.nanoTime();
        ProcessRunner.run(clone, List.of("git", "push", "-q", url, "refs/heads/next:refs/heads/main"));
        return millis(start);
    }

    /** Makes the commit that {@link #push} pushes. */
    private static void prepare(Path clone, String url, String text) throws IOException, InterruptedException {
        if (!Files.isDirectory(clone)) {
            ProcessRunner.run(clone.getParent(), List.of("git", "init", "-q", "--bare", clone.toString()));
        }
        ProcessRunner.shell(clone, COMMIT, url, FILE, text);
    }

    /**
     * Sets an image of the dev environment with {@code kustomize edit set image}.
     *
     * @return the duration in milliseconds
     */
    static double setImage(Path clone, String url, String application, String tag, String kustomize)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        ProcessRunner.shell(clone.getParent(), SHELL, clone.toString(), url, application, tag, kustomize);
        return millis(start);
    }

    /**
     * Sets an image of the dev environment by editing the file.
     *
     * @param options of {@code git clone}
     * @return milliseconds
     */
    static double cloneAndEdit(Path clone, String url, String application, String tag, String... options)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(clone.toString(), url, application, tag));
        arguments.addAll(List.of(options));
        long start = System.nanoTime();
        ProcessRunner.shell(clone.getParent(), CLONE_AND_EDIT, arguments.toArray(String[]::new));
        return millis(start);
    }

    static double millis(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
