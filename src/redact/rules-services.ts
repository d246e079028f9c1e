/**
 * Keys of model providers, chat, payment and mail services, and JSON web tokens.
 * Formats re-expressed after the rules of gitleaks (MIT, see NOTICE.md), with lower minimum lengths: output is cut.
 */
import type { TokenFormat } from './rule.ts';

/**
 * A Discord bot token begins with the base64 of its bot's decimal id, so with one of 90 triples: those of two digits
 * and the beginning of a third.
 */
function discordKeywords(): string[] {
  const found: string[] = [];
  for (let n = 10; n < 100; n++) found.push(Buffer.from(`${n}0`).toString('base64').slice(0, 3));
  return found;
}

export const serviceFormats: readonly TokenFormat[] = [
  { name: 'anthropic-key', keywords: ['sk-ant-'], pattern: /sk-ant-[A-Za-z0-9_-]{20,255}/, random: true },
  {
    name: 'openai-key',
    keywords: ['sk-'],
    pattern: /(?<![A-Za-z0-9])sk-(?!ant-)[A-Za-z0-9_-]{20,255}/,
    random: true,
  },
  { name: 'huggingface-token', keywords: ['hf_'], pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,64}/ },
  { name: 'huggingface-token', keywords: ['api_org_'], pattern: /api_org_[A-Za-z0-9]{30,64}/ },
  { name: 'groq-key', keywords: ['gsk_'], pattern: /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{40,64}/ },
  { name: 'xai-key', keywords: ['xai-'], pattern: /(?<![A-Za-z0-9])xai-[A-Za-z0-9]{60,96}/ },
  { name: 'replicate-token', keywords: ['r8_'], pattern: /(?<![A-Za-z0-9])r8_[A-Za-z0-9]{30,48}/ },
  { name: 'perplexity-key', keywords: ['pplx-'], pattern: /(?<![A-Za-z0-9])pplx-[A-Za-z0-9]{32,64}/ },
  { name: 'langsmith-key', keywords: ['lsv2_'], pattern: /lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{8,16}/ },
  {
    name: 'slack-token',
    keywords: ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-', 'xapp-', 'xoxe.xox'],
    pattern: /(?:xoxe\.xox[bp]|xox[a-eoprs]|xapp)-[A-Za-z0-9%-]{10,400}/,
    random: true,
  },
  {
    name: 'slack-webhook',
    keywords: ['hooks.slack.com/'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9+/_-]{20,160})/,
  },
  {
    name: 'discord-webhook',
    keywords: ['discord.com/api/', 'discordapp.com/api/'],
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{10,24}\/([A-Za-z0-9_-]{30,120})/,
  },
  {
    name: 'teams-webhook',
    keywords: ['webhook.office.com/'],
    pattern: /webhook\.office\.com\/webhookb2\/([A-Za-z0-9@/-]{60,240})/,
  },
  {
    name: 'discord-token',
    keywords: discordKeywords(),
    pattern:
      /(?<![A-Za-z0-9_]|[^\n]-)[MNO][A-Za-z0-9_-]{21,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])/,
  },
  // The number before the colon is the bot's public id.
  {
    name: 'telegram-token',
    keywords: [':AA'],
    pattern: /(?<=(?<!\d)\d{7,12}):(AA[A-Za-z0-9_-]{30,40})(?![A-Za-z0-9_-])/,
  },
  {
    name: 'stripe-key',
    keywords: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_prod_', 'rk_prod_'],
    pattern: /[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,255}/,
  },
  { name: 'stripe-key', keywords: ['whsec_'], pattern: /whsec_[A-Za-z0-9+/=]{24,96}/ },
  {
    name: 'shopify-token',
    keywords: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,64}/,
  },
  { name: 'square-token', keywords: ['sq0atp-', 'sq0csp-'], pattern: /sq0(?:atp|csp)-[A-Za-z0-9_-]{22,60}/ },
  {
    name: 'sendgrid-key',
    keywords: ['SG.'],
    pattern: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}/,
  },
  { name: 'mailgun-key', keywords: ['key-'], pattern: /(?<![A-Za-z0-9]|[^\n]-)key-[0-9a-f]{32}(?![A-Za-z0-9])/ },
  { name: 'brevo-key', keywords: ['xkeysib-'], pattern: /xkeysib-[a-f0-9]{40,64}(?:-[A-Za-z0-9]{8,24})?/ },
  { name: 'twilio-key', keywords: ['SK'], pattern: /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/ },
  {
    name: 'jwt',
    keywords: ['eyJ'],
    // Signed (three parts, also with the signature cut off) or encrypted (five, whose second is opaque).
    pattern:
      /(?<![A-Za-z0-9_]|[^\n]-)eyJ[A-Za-z0-9_-]{8,4096}\.(?:eyJ[A-Za-z0-9_-]{8,16384}(?:\.[A-Za-z0-9_-]{0,2048})?|[A-Za-z0-9_-]{0,1024}\.[A-Za-z0-9_-]{8,64}\.[A-Za-z0-9_-]{8,16384}\.[A-Za-z0-9_-]{8,64})/,
  },
];
