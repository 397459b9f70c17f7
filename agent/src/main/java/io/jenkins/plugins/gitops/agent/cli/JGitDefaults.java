package io.jenkins.plugins.gitops.agent.cli;

import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * What JGit finds outside of a repository: nothing. By itself it measures for three seconds how exact the times of files are
 * when it meets a disk for the first time, leaves files beside what it measures, and records the result in the user's
 * configuration folder, where many processes at once, or a folder that cannot be written, end in stack traces. A clone is
 * locked for one process, so the coarsest time is exact enough.
 */
final class JGitDefaults extends SystemReader.Delegate {
    private JGitDefaults(SystemReader system) {
        super(system);
    }

    /** For this process; to be called before anything else is done with JGit. */
    static void install() {
        SystemReader.setInstance(new JGitDefaults(SystemReader.getInstance()));
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    private static final class NoFile extends FileBasedConfig {
        NoFile(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public boolean isOutdated() {
            return false;
        }

        @Override
        public void load() {
            // There is no file.
        }

        @Override
        public void save() {
            // What is set is for this process only.
        }

        /** Every disk has the accuracy that JGit assumes where it cannot measure. */
        @Override
        public long getTimeUnit(String section, String subsection, String name, long defaultValue, TimeUnit unit) {
            return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
                            && name.equals(ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION)
                    ? unit.convert(FS.FileStoreAttributes.FALLBACK_TIMESTAMP_RESOLUTION)
                    : super.getTimeUnit(section, subsection, name, defaultValue, unit);
        }
    }
}
